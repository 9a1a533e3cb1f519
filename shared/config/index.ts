/** The door of the settings: what is set, what is wrong with it, and the configuration of a process that may serve. */
export type { AuthMode, Config } from "./config";
export { type Inspection, inspectConfig, readConfig } from "./inspect";
export type { IntelligenceConfig, ProviderChoice } from "./intelligence";
export { inspectProcess, loadConfig } from "./process";
export type { Problem, Variables } from "./setting-reader";
export { type Setting, type SettingName, settings } from "./settings";
export type { TelemetryConfig } from "./telemetry";
