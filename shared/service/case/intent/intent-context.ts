import type { Dataverse } from "../../../dataverse";
import type { IntentContext, SourceText } from "../../../intelligence";
import { sanitise } from "../../../text";
import { queryIfThere, textOf } from "../../record/optional-read";
import { type CaseIntent, labelOf } from "./intent-library";

/** What the library asks to know for an intent, and whether the sources already tell it. */
export async function readIntentContext(
  dataverse: Dataverse,
  intent: CaseIntent,
  sources: readonly SourceText[],
): Promise<IntentContext> {
  const { rows } = await queryIfThere(dataverse, "msdyn_intentattributeset", {
    select: [
      "msdyn_name",
      "msdyn_ismandatory",
      "msdyn_reviewstate",
      "_msdyn_intentattributeid_value",
    ],
    filter: `_msdyn_intentid_value eq ${intent.id} and statecode eq 0`,
    orderby: "msdyn_ismandatory desc,msdyn_name",
    top: 20,
    annotations: true,
  });
  const text = sources
    .flatMap(({ subject = "", text: said }) => [subject, said])
    .map((part) => sanitise(part).text)
    .join("\n");
  return {
    name: intent.name,
    lineOfBusiness: intent.lineOfBusiness,
    confidence: intent.confidence,
    attributes: rows.map((row) => {
      const said = textOf(row.msdyn_name) ?? "";
      const attribute = labelOf(row, "_msdyn_intentattributeid_value") ?? said;
      const question = said.endsWith("?") ? said : attribute.endsWith("?") ? attribute : undefined;
      return { name: attribute, question, known: isKnown(attribute, text) };
    }),
  };
}

const patterns: readonly (readonly [RegExp, RegExp])[] = [
  [
    /serial/i,
    /\b(?:s\/?n|ser|serial|serie|seriennummer|seriennr|série|seriale|serienummer|seryjny)\b\W*(?:(?:no|number|nr)\W*)?(?=[A-Z-]{0,20}\d)[A-Z0-9-]{4,}|\b[A-Z]{2}\d{5,}\b/i,
  ],
  [
    /order/i,
    /\b(?:order|bestellung|bestellnummer|bestellnr|commande|pedido|ordine|bestelling|encomenda|zamówieni[ea])\W*(?:(?:no|number|nr)\W*)?(?=[A-Z-]{0,20}\d)[A-Z0-9-]{4,}/i,
  ],
  [
    /invoice|bill/i,
    /\b(?:invoice|bill|rechnung|rechnungsnummer|facture|factura|fattura|factuur|fatura|faktur[ay])\W*(?:(?:no|number|nr)\W*)?[A-Z0-9-]{0,20}\d[A-Z0-9-]{2,}/i,
  ],
  [/firmware|version/i, /\b(?:firmware|version)\b\W*v?\d+(?:\.\d+)+/i],
  [/phone|telephone/i, /\+?\d[\d ()/-]{6,}\d/],
  [/e-?mail/i, /[^\s@]@[^\s@]+\.[^\s@]/],
  [/date|when\b/i, /\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b/],
  [/error code|error message/i, /\berror\b\W*[A-Z]?\d+/i],
];

/** A detail counts as known when its usual form stands in the text; without a usual form it has to be asked. */
const isKnown = (attribute: string, text: string): boolean =>
  patterns.some(([name, form]) => name.test(attribute) && form.test(text));
