export { escalationStep } from "./escalation-step";
export { escalationsOf } from "./escalations";
export { handOnStep, type OtherMatter, otherMatterOf } from "./other-matters";
