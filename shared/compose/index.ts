/** The door of what wires a process together. */
export { type ConsentDesk, createConsentDesk } from "./consent";
export {
  createDataverseEnvironment,
  type DataverseEnvironment,
  renewalWarning,
} from "./dataverse-environment";
export { type Deployment, deploymentOf, shutDown } from "./deployment";
export {
  answerApproval,
  answerApprovalOf,
  endpointFor,
  endpointOf,
  prepareBehind,
  profileAt,
  refuseAll,
  signInMetadata,
} from "./endpoint";
export { arrivalOf } from "./hang-up";
