const swc = [
  "@swc/jest",
  { jsc: { parser: { syntax: "typescript" }, target: "es2023" }, module: { type: "commonjs" } },
];

export default {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  transform: { "\\.(m?[jt]s)$": swc },
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
  maxWorkers: "100%",
  testTimeout: 30_000,
};
