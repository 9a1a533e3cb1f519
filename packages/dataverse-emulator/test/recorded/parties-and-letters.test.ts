import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { personas } from "../../src";
import { type DoorAnswer, type RunningEmulator, runEmulator } from "../support/running-emulator";
import { recorded } from "./fact";

let emulator: RunningEmulator;
let contact: string;
beforeAll(async () => {
  emulator = await runEmulator({ cases: 0 });
  contact = await make("contacts", { lastname: "Weiß", jobtitle: "Größe_7" });
});
afterAll(() => emulator.close());

const outcome = ({ status, body }: DoorAnswer) => `${status} ${body?.error?.code ?? ""}`.trim();
async function make(set: string, row: object): Promise<string> {
  const answer = await emulator.post(set, row);
  expect(outcome(answer)).toBe("204");
  return /\(([^)]+)\)$/.exec(answer.headers.get("odata-entityid") ?? "")?.[1] ?? "";
}
const party = (participationtypemask?: number) => ({
  "partyid_contact@odata.bind": `/contacts(${contact})`,
  ...(participationtypemask === undefined ? {} : { participationtypemask }),
});
const user = {
  "partyid_systemuser@odata.bind": `/systemusers(${personas[0]?.systemUserId})`,
  participationtypemask: 1,
};
const activity = (set: string, parties: readonly object[]) => {
  const table = set.slice(0, -1);
  return emulator.post(set, { subject: "Tried", [`${table}_activity_parties`]: parties });
};

describe("parties of activities", () => {
  recorded("D", "codes", "a call and a letter have one sender", async () => {
    for (const set of ["phonecalls", "letters"]) {
      expect(outcome(await activity(set, [user, party(2), party(2)]))).toBe("204");
      expect(outcome(await activity(set, [user, party(1), party(2)]))).toBe("400 0x80040b01");
    }
  });

  recorded("D", "codes", "each says what it is", async () => {
    expect(outcome(await activity("emails", [user, party()]))).toBe("400 0x80040b06");
  });

  recorded("D", "partyTypesDoc", "each activity has types of its own", async () => {
    const taken = async (set: string) => {
      const masks: number[] = [];
      for (const mask of [1, 2, 3, 4, 5, 6, 7, 10, 11])
        if ((await activity(set, [party(mask)])).status === 204) masks.push(mask);
      return masks;
    };
    expect(await taken("phonecalls")).toEqual([1, 2]);
    expect(await taken("appointments")).toEqual([5, 6, 7]);
    expect(await taken("emails")).toEqual([1, 2, 3, 4]);
    expect(await taken("tasks")).toEqual([]);
  });

  test("nothing is written of an activity whose parties are refused", async () => {
    const count = async () => (await emulator.get("phonecalls/$count")).body;
    const before = await count();
    await activity("phonecalls", [user, party(5)]);
    expect(await count()).toEqual(before);
  });
});

describe("letters that stand for two", () => {
  recorded("R", "collationDoc", "are equal to the two", async () => {
    const found = async (filter: string) =>
      (await emulator.get(`contacts?$select=lastname&$filter=${encodeURIComponent(filter)}`)).body
        .value.length;
    expect(await found("lastname eq 'WEISS'")).toBe(1);
    expect(await found("contains(jobtitle,'grosse')")).toBe(1);
    expect(await found("lastname eq 'Weis'")).toBe(0);
  });

  recorded("R", "collationDoc", "are one where a pattern counts letters", async () => {
    const found = async (pattern: string) => {
      const fetch = `<fetch><entity name='contact'><attribute name='contactid'/><filter><condition attribute='jobtitle' operator='like' value='${pattern}'/></filter></entity></fetch>`;
      const { body } = await emulator.get(`contacts?fetchXml=${encodeURIComponent(fetch)}`);
      return body.value.length;
    };
    expect(await found("gro_e%")).toBe(1);
    expect(await found("gro__e%")).toBe(1);
    expect(await found("gr_e%")).toBe(0);
  });
});
