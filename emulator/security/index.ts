export { authenticate } from "./authenticate";
export { createSecurity } from "./security";
export {
  accessBits,
  forgetShares,
  prepareShares,
  type Share,
  type SharedRow,
  type SharedWith,
  setShare,
  sharesOf,
} from "./shares";
