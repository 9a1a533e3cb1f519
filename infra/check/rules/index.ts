import type { Deployment } from "../deployment";
import { appSettingsRule } from "./app-settings";
import { boughtRule } from "./bought";
import { judgedProperties } from "./judged-properties";
import { keysAndTls } from "./keys-and-tls";
import { namesAndTags } from "./names-and-tags";
import { network } from "./network";
import { operations } from "./operations";
import { outputs } from "./outputs";
import { platform } from "./platform";
import { roles } from "./roles";
import type { Rule } from "./rule";
import { secrets } from "./secrets";
import { signInRule } from "./sign-in/sign-in";

export const rules: readonly Rule[] = [
  keysAndTls,
  roles,
  appSettingsRule,
  signInRule,
  secrets,
  namesAndTags,
  platform,
  boughtRule,
  network,
  operations,
  outputs,
  judgedProperties,
];

/** Everything that is wrong with one scenario, each line with the rule that says so. */
export const findings = (deployment: Deployment): string[] =>
  rules.flatMap((rule) => rule.check(deployment).map((text) => `[${rule.name}] ${text}`));
