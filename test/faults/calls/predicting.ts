import type { ServiceDesk } from "../../support/service-desk";
import { counted, type Item, mark, newCase, once, rows, type ToolUse, type Truth } from "./call";

const noteSubject = "AI: fields filled by enrich_case";

/** In the words of a case that was resolved before, so that the predictor is sure of its type. */
const known = once(async (desk) => {
  const [row] = await rows(
    desk,
    "incidents?$select=title,description&$filter=statecode eq 1 and description ne null and casetypecode ne null&$orderby=ticketnumber&$top=1",
  );
  return { title: row?.title, description: row?.description };
});

const sureCase = async (desk: ServiceDesk) => newCase(desk, await known(desk));
const notesOf = (desk: ServiceDesk, id: string) =>
  rows(
    desk,
    `annotations?$select=notetext&$filter=_objectid_value eq ${id} and subject eq '${noteSubject}'`,
  );
const isFilled = async (desk: ServiceDesk, id: string) =>
  (await desk.read(`incidents(${id})?$select=casetypecode`)).casetypecode !== null;

/** Another use of `enrich_case` on a case that it has filled. */
const onFilled = (
  use: string,
  args: Item,
  isDone: (desk: ServiceDesk, id: string) => Promise<Truth>,
): ToolUse => ({
  tool: "enrich_case",
  use,
  as: "representative",
  isRepeatable: false,
  async prepare(desk) {
    const id = await sureCase(desk);
    const filled = await desk.call("enrich_case", { incidentId: id });
    if (filled.isError || filled.structured.written.length === 0) throw new Error(filled.text);
    return { args: { incidentId: id, ...args }, truth: () => isDone(desk, id) };
  },
});

/** Tools that predict, suggest and draft, where they keep what they found. */
export const predictingUses: readonly ToolUse[] = [
  {
    tool: "enrich_case",
    use: "fields and a note",
    as: "representative",
    isRepeatable: true,
    async prepare(desk) {
      const id = await sureCase(desk);
      return {
        args: { incidentId: id },
        async truth(): Promise<Truth> {
          const notes = (await notesOf(desk, id)).length;
          const hasField = await isFilled(desk, id);
          const isPart = hasField !== notes > 0;
          return { done: isPart ? "part" : hasField ? "done" : "not done", things: notes };
        },
      };
    },
  },
  onFilled("feedback", { feedback: "Well seen" }, async (desk, id) => {
    const [note] = await notesOf(desk, id);
    return counted(String(note?.notetext).split('"said":"Well seen"').length - 1);
  }),
  onFilled("undo", { undo: true }, async (desk, id) => {
    const [note] = await notesOf(desk, id);
    const isMarked = String(note?.notetext).includes('"undone":true');
    const isBack = !(await isFilled(desk, id));
    const isPart = isMarked !== isBack;
    return { done: isPart ? "part" : isBack ? "done" : "not done", things: isBack ? 1 : 0 };
  }),
  {
    tool: "enrich_case",
    use: "by the agent of Dynamics 365",
    as: "representative",
    isRepeatable: false,
    async prepare(desk) {
      const id = await sureCase(desk);
      return {
        args: { incidentId: id, engine: "case-management-agent", hasUserApproved: true },
        truth: async () =>
          counted(
            (
              await rows(
                desk,
                `msdyn_caseenrichments?$select=msdyn_name&$filter=_msdyn_caseid_value eq ${id} and statecode eq 0`,
              )
            ).length,
          ),
      };
    },
  },
  {
    tool: "get_next_suggestion_on_case",
    use: "kept on the case",
    as: "administrator",
    isRepeatable: true,
    claimOf: ({ text }) =>
      /not known|may have been/.test(text)
        ? "not known"
        : /was not kept|Nothing was kept/.test(text)
          ? "not done"
          : "done",
    async prepare(desk) {
      const id = await newCase(desk, {
        description: "Our router's connection drops every night at about the same time.",
      });
      return {
        args: { incidentId: id, store: true },
        truth: async () =>
          counted(
            (
              await rows(
                desk,
                `msdyn_nextactions?$select=msdyn_name&$filter=_msdyn_regarding_value eq ${id}`,
              )
            ).length,
          ),
      };
    },
  },
  {
    tool: "draft_email_with_suggested_response",
    use: "a draft",
    as: "representative",
    isRepeatable: true,
    async prepare(desk) {
      const id = await newCase(desk, {
        title: "The connection drops every night",
        description: `Our router's connection drops every night at about the same time. ${mark()}`,
      });
      return {
        args: { incidentId: id },
        truth: async () =>
          counted(
            (await rows(desk, `emails?$select=subject&$filter=_regardingobjectid_value eq ${id}`))
              .length,
          ),
      };
    },
  },
];
