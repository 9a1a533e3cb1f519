import { functionAppMistakes } from "./function-app";
import type { Mutation } from "./mutation";
import { networkAndIdentityMistakes } from "./network-and-identity";
import { operationsMistakes } from "./operations";
import { parametersMistakes } from "./parameters";
import { signInMistakes } from "./sign-in";
import { storageMistakes } from "./storage";

export type { Mutation } from "./mutation";

/** All of them, by the part of the deployment that each is made in. */
export const mutations: readonly Mutation[] = [
  ...storageMistakes,
  ...functionAppMistakes,
  ...parametersMistakes,
  ...signInMistakes,
  ...operationsMistakes,
  ...networkAndIdentityMistakes,
];
