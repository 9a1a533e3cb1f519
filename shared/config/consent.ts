import { isLoopback } from "../loopback";
import {
  type Asked,
  askedNames,
  type Grade,
  gradeNames,
  gradeRules,
  isAbove,
} from "../policy/grades";
import { guid, list, type Reader } from "./setting-reader";

/** Whose yes is asked for, and how. */
export interface ConsentConfig {
  /** Clients are trusted to ask: nothing but rights takes more than the model's yes. */
  readonly trustsClient: boolean;
  /** Grades that differ from the rules. */
  readonly grades: Partial<Readonly<Record<Asked, Grade>>>;
  /** Address of a container, or a folder of a developer's machine; undefined keeps approvals in this process. */
  readonly store: string | undefined;
  /** Client id of the approval page's own registration; undefined: there is no page. */
  readonly clientId: string | undefined;
  readonly stepUp: string | undefined;
}

export function readConsent(read: Reader, isDeveloper: boolean): ConsentConfig {
  const mode = read.text("CONSENT").toLowerCase();
  if (mode !== "ask" && mode !== "trust-client")
    read.report("CONSENT", "must be ask or trust-client.");
  const clientId = read.parse("CONSENT_CLIENT_ID", guid, read.text("CONSENT_CLIENT_ID"), "");
  const store = readStore(read, isDeveloper);
  if (clientId !== "" && read.text("CONSENT_STORE") === "")
    read.report(
      "CONSENT_STORE",
      "is missing: the approval page needs it (CONSENT_CLIENT_ID is set).",
    );
  const stepUp = read.text("CONSENT_STEP_UP");
  if (stepUp !== "" && !/^c\d{1,2}$/.test(stepUp))
    read.report("CONSENT_STEP_UP", "must be an authentication context of Entra, c1 to c99.");
  return {
    trustsClient: mode === "trust-client",
    grades: readGrades(read),
    store,
    clientId: clientId === "" ? undefined : clientId.toLowerCase(),
    stepUp: stepUp === "" ? undefined : stepUp,
  };
}

function readGrades(read: Reader): ConsentConfig["grades"] {
  const chosen: Partial<Record<Asked, Grade>> = {};
  for (const pair of list(read.text("CONSENT_GRADES"))) {
    const [name = "", value = "", ...more] = pair.split("=").map((part) => part.trim());
    const asked = askedNames.find((each) => each === name);
    const grade = gradeNames.find((each) => each === value);
    if (asked === undefined || grade === undefined || more.length > 0) {
      read.report(
        "CONSENT_GRADES",
        `must be pairs of an effect (${askedNames.join(", ")}) and a grade (${gradeNames.join(", ")}), as delete=client.`,
      );
      return {};
    }
    const { lowest } = gradeRules[asked];
    if (isAbove(lowest, grade))
      read.report("CONSENT_GRADES", `may not ask less than ${lowest} for ${asked}.`);
    else chosen[asked] = grade;
  }
  return chosen;
}

function readStore(read: Reader, isDeveloper: boolean): string | undefined {
  const text = read.text("CONSENT_STORE");
  if (text === "") return undefined;
  if (!/^https?:/i.test(text)) {
    if (!isDeveloper)
      read.report("CONSENT_STORE", "must be the https address of a container of blobs.");
    return text;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url));
  if (url && isSafe && /^\/[a-z0-9-]+$/.test(url.pathname) && url.search === "") return url.href;
  read.report(
    "CONSENT_STORE",
    "must be the https address of a container of blobs, without a query.",
  );
  return undefined;
}
