/** The door of approvals: a person's yes, from the question to what became of it. */
export {
  type Act,
  type Approvals,
  type Asker,
  type Batch,
  createApprovals,
  isExpired,
  isLost,
  mostActs,
  newApprovalId,
  type Pending,
  type State,
} from "./approvals";
export { canonical } from "./canonical";
export { createKeyRing } from "./key-ring";
export { answerPage, type PageOptions, type Performed, type Performer } from "./page/answer";
export type { SignedIn, SignIn, SignInTransaction } from "./page/sign-in";
export { createSeals, type Seals } from "./seal";
export { labelWords, pageLanguages, verbOf } from "./words";
