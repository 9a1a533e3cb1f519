const swc = [
  "@swc/jest",
  { jsc: { parser: { syntax: "typescript" }, target: "es2023" }, module: { type: "commonjs" } },
];

export default {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  transform: { "\\.(m?[jt]s)$": swc },
  // These ship ES modules only, and Jest's module registry is CommonJS.
  transformIgnorePatterns: ["/node_modules/(?!(jose|@modelcontextprotocol/(server|client|core))/)"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/out/"],
  testTimeout: 30_000,
};
