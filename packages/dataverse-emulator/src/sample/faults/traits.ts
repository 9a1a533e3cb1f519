/** What a customer wants with a fault: something is broken, something is asked, something shall be done. */
export type CaseKind = "problem" | "question" | "request";

/** `incident.casetypecode` */
export const caseTypes: Readonly<Record<CaseKind, number>> = {
  question: 1,
  problem: 2,
  request: 3,
};

export interface Traits {
  readonly kind: CaseKind;
  /** Which of the family's three subjects it belongs to. */
  readonly part: 0 | 1 | 2;
  /** What the first question asks for, in a word or two. */
  readonly detail: string;
  /** What customers answer to that. */
  readonly answer: string;
  /** The models that can have it; all of the family when undefined. */
  readonly models?: readonly string[];
}

/** The three subjects below each family. */
export const partsOf: Readonly<Record<string, readonly [string, string, string]>> = {
  router: ["Connection", "Set-up and access", "Hardware"],
  coffee: ["Drinks", "Care and settings", "Machine faults"],
  scooter: ["Battery and charging", "Brakes, tyres and frame", "Display and app"],
  billing: ["Invoices", "Access", "Payment and contract"],
  heating: ["Room temperature", "Gateway and app", "Valves and batteries"],
  delivery: ["Delivery", "Returns and damage", "Changes and parts"],
};

const kinds = { p: "problem", q: "question", r: "request" } as const;

const trait = (
  kind: keyof typeof kinds,
  part: Traits["part"],
  detail: string,
  answer: string,
  models?: string,
): Traits => ({
  kind: kinds[kind],
  part,
  detail,
  answer,
  ...(models === undefined ? {} : { models: models.split("|") }),
});

const frothers = "BM Duo|BM Barista|BM Crema S|BM Crema L|BM Office 12";
const accounts = "Account Basic|Account Plus|Account Business|Account Family";
const parcels = "Standard parcel|Express parcel|Freight";
const thermostats = "TQ-10|TQ-20|TQ-30 Radio";

/** By fault, in the order of `productFamilies`. */
const rows: Readonly<Record<string, readonly Traits[]>> = {
  router: [
    trait("p", 0, "Firmware version", "The status page says firmware 4.1."),
    trait("p", 2, "Power supply", "No, we use one from an older router, 12 V and 1 A."),
    trait("p", 0, "Walls in between", "There are two thick walls in between."),
    trait("q", 1, "Way of access", "By its name; I have not tried the address."),
    trait(
      "p",
      1,
      "Message that guests see",
      "They see a warning that the certificate is not valid.",
    ),
    trait("p", 2, "Blinking pattern", "It blinks three times, then pauses."),
    trait("q", 1, "Version before the update", "It was 4.1 before, now it says 4.2."),
    trait("q", 1, "Network of the printer", "Yes, it hangs on the guest network."),
    trait("q", 1, "Time zone", "None is set, the field is empty."),
    trait(
      "p",
      0,
      "Time the pairing holds",
      "About an hour, then it is gone. The serial of the mesh point begins with 68.",
      "HR-600 Mesh|HR-400 Pro",
    ),
  ],
  coffee: [
    trait("p", 0, "Last descaling", "I do not think that it ever was."),
    trait(
      "p",
      2,
      "Seat of the water tank",
      "It did not click; now it does, but E4 is still there.",
    ),
    trait("p", 0, "Milk and cleaning", "Whole milk, and we clean it about once a week.", frothers),
    trait("p", 2, "Leak when switched off", "Only when it is on."),
    trait("p", 2, "New bag of beans", "Yes, with a new bag."),
    trait("p", 2, "Switch at the back", "Yes, it is on."),
    trait(
      "q",
      0,
      "Strength and temperature",
      "Strength 5 and temperature level 4, as it came.",
      "BM Crema S|BM Crema L",
    ),
    trait("q", 1, "Time without power", "Yes, over the holidays, for almost two weeks."),
    trait("q", 1, "Network of the phone", "No, the phone is on 5 GHz."),
    trait(
      "q",
      1,
      "Filter confirmed",
      "I put it in and closed the lid; I did not see anything to confirm.",
    ),
  ],
  scooter: [
    trait("p", 0, "Storage temperature", "In the shed; it was two degrees this morning."),
    trait("p", 1, "Squeak in dry weather", "Yes, in any weather."),
    trait("p", 0, "Colour of the charger light", "It is green from the start."),
    trait(
      "p",
      2,
      "Lights of the scooter",
      "Yes, the lights are on.",
      "V-Lite|V-City|V-City Max|V-Tour|V-Junior",
    ),
    trait(
      "p",
      1,
      "Play of the lever",
      "About a centimetre. It has done some 200 km.",
      "V-Lite|V-City|V-City Max|V-Tour",
    ),
    trait("q", 2, "Walking mode symbol", "Yes, there is a small walking figure."),
    trait("p", 1, "Rain", "Yes, after a heavy shower."),
    trait("r", 2, "Controller replaced", "Yes, in the workshop last month."),
    trait("p", 1, "Tyre pressure", "3.5 bar, as it says on the tyre."),
    trait("q", 2, "Alarm armed", "Yes, it is always armed."),
  ],
  billing: [
    trait(
      "p",
      2,
      "Invoice numbers",
      "Both carry the same number, and the amounts are the same, too.",
      "Account Basic|Account Plus|Account Business|Direct debit",
    ),
    trait(
      "r",
      0,
      "Date of the new address",
      "Since the first of the month.",
      `Paper invoice|${accounts}`,
    ),
    trait("p", 1, "Registered address", "Under my office address, I believe.", accounts),
    trait(
      "q",
      0,
      "Voucher code",
      "The one from your newsletter; the order was a small one.",
      accounts,
    ),
    trait("p", 2, "Bank account", "Yes, we changed banks.", "Direct debit"),
    trait(
      "r",
      1,
      "Role of the colleague",
      "She should see the invoices and place orders.",
      "Account Plus|Account Business",
    ),
    trait(
      "r",
      2,
      "Date of the cancellation",
      "I sent it about three weeks before the end.",
      accounts,
    ),
    trait("q", 0, "Browser", "Firefox. The page had been open since the morning.", accounts),
    trait(
      "r",
      0,
      "VAT number",
      "I have it at hand; it has held for two years.",
      "Account Business|Paper invoice",
    ),
    trait("p", 1, "Message at login", "It says that there were too many attempts.", accounts),
  ],
  heating: [
    trait("p", 2, "Valve at Boost", "No, nothing moves.", "TQ Valve"),
    trait(
      "q",
      0,
      "Sun or lamp nearby",
      "It hangs beside the window, on an outer wall.",
      `${thermostats}|TQ Sense`,
    ),
    trait("p", 1, "Light of the gateway", "It is white.", "TQ Gateway"),
    trait("q", 2, "Kind of batteries", "Rechargeable ones.", "TQ Valve|TQ-20|TQ-30 Radio"),
    trait("q", 0, "Active programme", "Comfort, and I did not choose it.", thermostats),
    trait(
      "q",
      0,
      "Fall of the temperature",
      "Slowly, perhaps one degree in ten minutes.",
      "TQ-30 Radio|TQ Sense",
    ),
    trait("p", 2, "Rhythm of the noises", "Yes, nearly on the hour.", "TQ Valve"),
    trait("q", 1, "Message in the app", "Unknown account or wrong password.", "TQ Gateway"),
    trait("q", 0, "Language shown", "Finnish, I think.", thermostats),
    trait(
      "p",
      2,
      "Distance to the gateway",
      "Five metres, but there is a metal cover in front.",
      "TQ Valve|TQ-30 Radio",
    ),
  ],
  delivery: [
    trait("p", 0, "Last change in the tracking", "Four days ago: it is at the depot.", parcels),
    trait(
      "p",
      0,
      "Name in the tracking",
      "Only the number of the house.",
      "Standard parcel|Express parcel",
    ),
    trait(
      "p",
      1,
      "Article number",
      "Its last two digits differ from what I ordered.",
      `${parcels}|Spare parts`,
    ),
    trait("p", 1, "Photo of the box", "The photo is attached; one corner is crushed.", parcels),
    trait(
      "p",
      1,
      "Day of the drop-off",
      "Three weeks ago; the slip was not in the parcel, I am afraid.",
      "Return",
    ),
    trait("r", 2, "Dispatch", "The tracking says that it has left.", parcels),
    trait("p", 0, "Missing articles", "The two that stand last on the order.", parcels),
    trait(
      "r",
      0,
      "Promised time",
      "Next day before noon. I ordered in the afternoon.",
      "Express parcel",
    ),
    trait("r", 2, "Part number", "It is the one on page 12 of the manual.", "Spare parts"),
    trait("p", 0, "Digits of the code", "Six. The mail came a week ago.", "Pick-up point"),
  ],
};

/** What is known of a fault beside its words. */
export function traitsOf(family: string, index: number): Traits {
  const found = rows[family]?.[index];
  if (found === undefined) throw new RangeError(`There is no fault ${index} of ${family}.`);
  return found;
}
