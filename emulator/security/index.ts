export { authenticate } from "./authenticate";
export { createSecurity } from "./security";
