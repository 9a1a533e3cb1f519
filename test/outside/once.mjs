/**
 * Tests that take a minute or are a matrix, a flood or a fuzz: `npm run matrices` runs them, whole, and CI does so once. `npm test`
 * leaves them out, but for those of which it tries a share.
 */
export const once = [
  "test/e2e/outcomes-of-schema",
  "test/e2e/outcomes-of-drafts",
  "test/e2e/outcomes",
  "test/e2e/forged-text",
  "test/e2e/least-privilege",
  "test/e2e/sample-truth",
  "test/e2e/hostile-text",
  "test/e2e/hostile-queries",
  "test/e2e/service-tools-hostile",
  "test/e2e/flood",
  "test/e2e/suggestion-agreement",
  "test/unit/regular-expressions",
  "test/faults/share",
  "packages/dataverse-emulator/test/e2e/robust",
].map((name) => `${name}.test.ts`);

/** Matrices of which `npm test` tries a share. */
export const shared = ["test/e2e/tools-odd-input.test.ts"];
