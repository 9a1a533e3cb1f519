export { authenticate, authenticatePart } from "./authenticate";
export { type ColumnRight, hiddenColumns } from "./columns";
export { depth, depthOf, grantsOf, privilegeId } from "./grants";
export { privilegeName, privilegeNoun } from "./nouns";
export { demandReadingOwner } from "./owners";
export { createSecurity } from "./security";
export {
  accessBits,
  forgetShares,
  type Share,
  type SharedRow,
  type SharedWith,
  setShare,
  sharesOf,
} from "./shares";
export { createTablePrivileges, dropTablePrivileges } from "./table-privileges";
