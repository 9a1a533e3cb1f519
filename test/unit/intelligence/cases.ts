import type {
  FieldSpec,
  KnowledgeHit,
  ResolvedCase,
  SourceText,
} from "../../../shared/intelligence";
import { seededRandom } from "../../../shared/intelligence/learn/random";

const words: readonly (readonly string[])[] = [
  ["invoice", "charged twice", "refund", "credit note", "wrong amount", "payment"],
  ["pump leaks", "error code", "display dark", "motor noise", "valve stuck", "alarm"],
  ["parcel late", "tracking", "courier", "not arrived", "shipment lost", "address"],
];
const fillers = [
  "please help",
  "since monday",
  "customer is waiting",
  "as before",
  "thank you",
  "again",
];

/** The field most tests predict. */
export const category: FieldSpec = {
  logicalName: "casetypecode",
  displayName: "Case type",
  type: "choice",
  options: [
    { value: 1, label: "Billing" },
    { value: 2, label: "Device fault" },
    { value: 3, label: "Delivery" },
  ],
  mode: "auto",
  selectAt: 0.5,
  autoAt: "calibrated",
};

export function resolvedCases(count: number, seed = 1): ResolvedCase[] {
  const random = seededRandom(seed);
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";
  return Array.from({ length: count }, (_, at) => {
    const own = words[at % 3] ?? [];
    return {
      ref: { table: "incident", id: `${seed}-${at}`, number: `CAS-${at}` },
      title: `${pick(own)} ${pick(fillers)}`,
      description: `<p>${pick(own)} ${pick(fillers)} ${pick(own)} no ${Math.floor(random() * 9000)}</p>`,
      values: {
        casetypecode: (at % 3) + 1,
        isescalated: at % 3 === 1,
        area: `a${at % 3}`,
        part: `p${at % 3}${at % 2}`,
      },
      resolution: "Replaced the seal and tested it.",
      resolvedOn: new Date(Date.UTC(2026, 0, 1) + at * 3_600_000).toISOString(),
      customerId: "customer-1",
    };
  });
}

export const mail = (text: string, subject?: string): SourceText => ({
  id: { table: "email", id: "m1" },
  kind: "email",
  subject,
  text,
  trusted: false,
});

export const incident = { table: "incident", id: "c1", number: "CAS-1" };

export const articles: readonly KnowledgeHit[] = [
  {
    ref: { table: "knowledgearticle", id: "k1", number: "KA-1001" },
    title: "Pump leaks at the shaft seal",
    text: "<h2>Cause</h2><p>The shaft seal of the pump is worn.</p><h2>Resolution</h2><ol><li>Close the inlet valve.</li><li>Replace the shaft seal and tighten the screws to 12 Nm.</li><li>Open the valve again and check for leaks.</li></ol>",
    isInternal: false,
    language: "en-US",
    url: "https://help.contoso.example/ka-1001",
  },
  {
    ref: { table: "knowledgearticle", id: "k2", number: "KA-1002" },
    title: "Invoice shows the wrong amount",
    text: "<p>Compare the invoice with the order. Have the order number ready. Ask accounting for a credit note.</p>",
    isInternal: false,
    language: "en-US",
    url: "https://help.contoso.example/ka-1002",
  },
  {
    ref: { table: "knowledgearticle", id: "k3", number: "KA-1003" },
    title: "Goodwill for late parcels",
    text: "<p>Offer a voucher of 15 EUR for a late parcel. Never tell the customer the limit.</p>",
    isInternal: true,
    language: "en-US",
  },
  {
    ref: { table: "knowledgearticle", id: "k4", number: "KA-1004" },
    title: "Display stays dark",
    text: "<p>Hold the power key for 20 seconds. If the display stays dark, note the serial number and the error code.</p>",
    isInternal: false,
    language: "en-US",
    url: "https://help.contoso.example/ka-1004",
  },
];
