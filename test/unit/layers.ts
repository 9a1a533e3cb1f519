/** Folder (or file): what it may import from outside itself. First match wins, so files stand before folders. */
export const mayImport: readonly (readonly [layer: string, allowed: readonly string[]])[] = [
  [
    "functions/",
    [
      "shared/context",
      "shared/auth",
      "shared/mcp",
      "shared/config",
      "shared/errors",
      "shared/dataverse",
    ],
  ],
  ["shared/errors", []],
  ["shared/config", ["shared/errors"]],
  ["shared/trace", ["shared/errors", "shared/context"]],
  ["shared/context", ["shared/dataverse"]],
  [
    "shared/mcp/",
    ["shared/tools", "shared/context", "shared/errors", "shared/trace", "shared/config"],
  ],
  [
    "shared/tools/",
    [
      "shared/context",
      "shared/errors",
      "shared/service",
      "shared/sql",
      "shared/intelligence",
      "shared/dataverse",
    ],
  ],
  ["shared/service/", ["shared/errors", "shared/dataverse", "shared/sql"]],
  ["shared/intelligence/", ["shared/errors", "shared/config"]],
  [
    "shared/dataverse/",
    ["shared/errors", "shared/config", "shared/context", "shared/auth", "shared/trace"],
  ],
  ["shared/auth/", ["shared/errors", "shared/config", "shared/context"]],
  ["shared/sql/", []],
  ["emulator/", []],
];
