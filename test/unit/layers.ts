/** Folder (or file): what it may import from outside itself. First match wins, so files stand before folders. */
export const mayImport: readonly (readonly [layer: string, allowed: readonly string[]])[] = [
  [
    "functions/",
    [
      "shared/compose",
      "shared/auth",
      "shared/mcp",
      "shared/config",
      "shared/errors",
      "shared/tools",
      "shared/trace",
      "shared/telemetry",
      "shared/health",
      "shared/hang-up",
    ],
  ],
  ["shared/errors", []],
  ["shared/text/", []],
  ["shared/config/", ["shared/errors"]],
  ["shared/hang-up", []],
  ["shared/trace", []],
  ["shared/health", ["shared/config", "shared/errors"]],
  ["shared/telemetry/", ["shared/config", "shared/trace"]],
  ["shared/context", ["shared/dataverse", "shared/config", "shared/intelligence", "shared/sql"]],
  // The one place that puts tokens and Dataverse together.
  [
    "shared/compose",
    [
      "shared/auth",
      "shared/config",
      "shared/dataverse",
      "shared/trace",
      "shared/intelligence",
      "shared/sql",
    ],
  ],
  [
    "shared/mcp/",
    ["shared/tools", "shared/context", "shared/errors", "shared/trace", "shared/text"],
  ],
  [
    "shared/tools/",
    [
      "shared/context",
      "shared/config",
      "shared/errors",
      "shared/service",
      "shared/sql",
      "shared/text",
      "shared/intelligence",
      "shared/dataverse",
    ],
  ],
  [
    "shared/service/",
    [
      "shared/errors",
      "shared/dataverse",
      "shared/sql",
      "shared/text",
      "shared/intelligence",
      "shared/config",
    ],
  ],
  ["shared/intelligence/", ["shared/errors", "shared/config", "shared/text"]],
  [
    "shared/dataverse/",
    ["shared/errors", "shared/config", "shared/context", "shared/auth", "shared/trace"],
  ],
  ["shared/auth/", ["shared/errors", "shared/config", "shared/context"]],
  ["shared/sql/", ["shared/text"]],
  ["emulator/", []],
];
