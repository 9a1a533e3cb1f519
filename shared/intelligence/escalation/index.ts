export { escalationStep } from "./escalation-step";
export { escalationsOf } from "./escalations";
