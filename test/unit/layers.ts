/** Folder (or file): what it may import from outside itself. First match wins, so files stand before folders. */
export const mayImport: readonly (readonly [layer: string, allowed: readonly string[]])[] = [
  [
    "functions/",
    [
      "shared/environment",
      "shared/auth",
      "shared/mcp",
      "shared/config",
      "shared/errors",
      "shared/tools",
      "shared/trace",
      "shared/telemetry",
      "shared/health",
    ],
  ],
  ["shared/errors", []],
  ["shared/text/", []],
  ["shared/case-settings", []],
  ["shared/settings", []],
  ["shared/setting-reader", ["shared/settings"]],
  ["shared/hosting", ["shared/setting-reader"]],
  [
    "shared/config",
    [
      "shared/errors",
      "shared/case-settings",
      "shared/settings",
      "shared/setting-reader",
      "shared/hosting",
    ],
  ],
  ["shared/trace", []],
  ["shared/health", ["shared/config", "shared/settings", "shared/errors"]],
  ["shared/telemetry/", ["shared/config", "shared/trace"]],
  [
    "shared/context",
    ["shared/dataverse", "shared/case-settings", "shared/intelligence", "shared/sql"],
  ],
  // The one place that puts tokens and Dataverse together.
  [
    "shared/environment",
    [
      "shared/auth",
      "shared/config",
      "shared/dataverse",
      "shared/trace",
      "shared/intelligence",
      "shared/case-settings",
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
      "shared/case-settings",
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
      "shared/case-settings",
    ],
  ],
  ["shared/intelligence/", ["shared/errors", "shared/config", "shared/text"]],
  [
    "shared/dataverse/",
    ["shared/errors", "shared/config", "shared/context", "shared/auth", "shared/trace"],
  ],
  ["shared/auth/", ["shared/errors", "shared/config", "shared/setting-reader", "shared/context"]],
  ["shared/sql/", ["shared/text"]],
  ["emulator/", []],
];
