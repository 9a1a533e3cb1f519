import { demoCases } from "../../packages/dataverse-emulator/src/sample/identities";
import { job } from "./job";

const me = "0a000000-0000-4000-8000-000000000001";
const [first, second] = demoCases;

/** Jobs that look. */
export const readingJobs = [
  job("What are my open cases?", async ({ call, rows }) => {
    const { structured } = await call("list_cases", {});
    const mine = await rows(
      `incidents?$select=incidentid&$filter=_ownerid_value eq ${me} and statecode eq 0`,
    );
    return structured.total === mine.length;
  }),
  job("Which of my team's cases are open?", async ({ call }) => {
    const { structured } = await call("list_cases", { owner: "my team" });
    return structured.total > 0;
  }),
  job("What waits in the Billing queue?", async ({ call }) => {
    const { text, structured } = await call("list_cases", { queue: "Billing" });
    return structured.total > 0 && text.includes("Billing");
  }),
  job("Which cases must be solved by tomorrow?", async ({ call }) => {
    const { text } = await call("list_cases", { owner: "anyone", sla: "nearing" });
    return text.includes(first.ticketNumber);
  }),
  job("Which three cases are late the longest?", async ({ call }) => {
    const { structured } = await call("list_cases", { owner: "anyone", sla: "breached", top: 3 });
    return (
      structured.cases.length === 3 &&
      structured.cases.every((each: { isLate: boolean }) => each.isLate)
    );
  }),
  job("Which open cases has Ardenvale Logistics?", async ({ call }) => {
    const { structured } = await call("list_cases", { customer: "Ardenvale Logistics Ltd" });
    return structured.total > 0;
  }),
  job("My cases with high priority, please.", async ({ call }) => {
    const { structured } = await call("list_cases", { priority: "High" });
    return structured.cases.every((each: { priority: string }) => each.priority === "High");
  }),
  job("Which of my cases are on hold?", async ({ call }) => {
    const { structured } = await call("list_cases", { status: "On Hold" });
    return structured.cases.every((each: { status: string }) => each.status === "On Hold");
  }),
  job("What is case CAS-01002-M9T3W8 about, and what happened?", async ({ call }) => {
    const { structured } = await call("get_case", { incidentId: second.ticketNumber });
    return structured.incidentId === second.id && structured.timeline.length > 2;
  }),
  job("Who is the customer of CAS-01001-H4K7Q2, and how do I reach them?", async ({ call }) => {
    const { text } = await call("get_case", { caseNumber: first.ticketNumber });
    return /@\S+\.example.*\+\d/.test(text);
  }),
  job("How long may CAS-01001-H4K7Q2 still take?", async ({ call }) => {
    const { structured } = await call("get_case", { caseNumber: first.ticketNumber });
    return structured.serviceTimes.length === 1;
  }),
  job("Does a draft wait on CAS-01002-M9T3W8?", async ({ call }) => {
    const { structured } = await call("get_case", { caseNumber: second.ticketNumber });
    return structured.drafts.length === 1;
  }),
  job("What waits for somebody in any queue?", async ({ call }) => {
    const { structured } = await call("list_cases", { owner: "nobody", top: 10 });
    return structured.total > 0;
  }),
  job("How many cases were made by mail?", async ({ call }) => {
    const { structured } = await call("read_query", {
      querytext: "SELECT COUNT(*) AS n FROM incident WHERE caseorigincode = 'Email'",
    });
    return structured.rows[0].n > 0;
  }),
  job("How do we clean the milk hose?", async ({ call }) => {
    const { isError } = await call("retrieve_knowledge", {
      question: "How is the milk hose cleaned?",
    });
    return !isError;
  }),
];
