import { fileURLToPath } from "node:url";
import shared from "../../../jest.config.mjs";

/** `npm run referee:facts`: facts and texts of others, and the tests that take more orders where there are more. */
export default {
  ...shared,
  rootDir: fileURLToPath(new URL("../../..", import.meta.url)),
  testMatch: [
    "<rootDir>/test/outside/facts/*.referee.ts",
    "<rootDir>/packages/*/test/facts/*.referee.ts",
    "<rootDir>/test/unit/intelligence/safety-points.test.ts",
    "<rootDir>/test/unit/intelligence/providers/azure-openai/hostile.test.ts",
    "<rootDir>/test/e2e/service-tools-hostile.test.ts",
  ],
};
