const swc = [
  "@swc/jest",
  { jsc: { parser: { syntax: "typescript" }, target: "es2023" }, module: { type: "commonjs" } },
];

export default {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts", "<rootDir>/packages/*/test/**/*.test.ts"],
  transform: { "\\.(m?[jt]s)$": swc, "\\.bin$": "<rootDir>/test/support/binary-transform.cjs" },
  // These ship ES modules only, and Jest's module registry is CommonJS.
  transformIgnorePatterns: [
    "/node_modules/(?!(jose|openid-client|oauth4webapi|@modelcontextprotocol/(server|client|core)|htmlparser2|entities|parse5|dom(handler|utils|-serializer|elementtype))/)",
  ],
  moduleNameMapper: {
    "^dataverse-emulator(/.+)?$": "<rootDir>/packages/dataverse-emulator/src$1",
  },
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/out/", "<rootDir>/packages/[^/]+/dist/"],
  // Jest leaves a core to itself unless told; of two cores that is half.
  maxWorkers: "100%",
  // It ends what hangs. What a test takes is measured in CPU where it matters; a machine that is busy takes ten times as long.
  testTimeout: 120_000,
};
