import { type Config, type Inspection, type Problem, type Setting, settings } from "../config";
import { AppError } from "../errors";

/** `default`: nothing is set, and that is fine. */
export type SettingState = "set" | "default" | "missing" | "wrong";

/** The state of every setting there is, without its value. */
export const settingStates = ({ problems, set }: Inspection): Record<string, SettingState> =>
  Object.fromEntries(
    settings.map(({ name }) => {
      const isWrong = problems.some(({ setting }) => setting === name);
      const state = set.has(name) ? (isWrong ? "wrong" : "set") : isWrong ? "missing" : "default";
      return [name, state];
    }),
  );

const signInSettings: ReadonlySet<string> = new Set(
  (settings as readonly Setting[]).flatMap((one) => (one.decidesWhoCalls ? [one.name] : [])),
);

/** True for a problem that leaves open who is calling. */
export const isSignInProblem = ({ setting }: Problem): boolean => signInSettings.has(setting);

/** What an operator may know of this deployment: names and states, never the value of a setting. */
export interface Health {
  readonly status: "ok" | "failing";
  readonly versions: Readonly<Record<string, string | readonly string[]>>;
  readonly configuration: {
    readonly status: "ok" | "incomplete";
    /** One sentence for each setting to mend. */
    readonly problems: readonly string[];
    readonly settings: Readonly<Record<string, SettingState>>;
  };
  readonly dataverse:
    | { readonly status: "ok"; readonly organizationId: string; readonly userId: string }
    | { readonly status: "failed" | "not tried"; readonly reason: string };
  readonly telemetry: { readonly status: TelemetryState };
}

export type TelemetryState = "off" | "not needed yet" | "on" | "failed";

export interface Patient {
  readonly inspection: Inspection;
  readonly versions: Health["versions"];
  telemetry(): TelemetryState;
  /** WhoAmI as the app's own identity. */
  whoAmI(config: Config): Promise<{ readonly organizationId: string; readonly userId: string }>;
}

export async function examine(patient: Patient): Promise<Health> {
  const { inspection, versions } = patient;
  const isComplete = inspection.config !== undefined && inspection.problems.length === 0;
  const dataverse = isComplete
    ? await reach(patient, inspection.config)
    : { status: "not tried" as const, reason: "The configuration is incomplete." };
  return {
    status: dataverse.status === "ok" ? "ok" : "failing",
    versions,
    configuration: {
      status: isComplete ? "ok" : "incomplete",
      problems: inspection.problems.map(({ message }) => message),
      settings: settingStates(inspection),
    },
    dataverse,
    telemetry: { status: isComplete ? patient.telemetry() : "off" },
  };
}

async function reach(patient: Patient, config: Config): Promise<Health["dataverse"]> {
  try {
    const { organizationId, userId } = await patient.whoAmI(config);
    return { status: "ok", organizationId, userId };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const reason = [error.message, error.hint, error.code && `(Dataverse code ${error.code})`];
    return { status: "failed", reason: reason.filter(Boolean).join(" ") };
  }
}
