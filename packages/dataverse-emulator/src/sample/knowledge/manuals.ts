/** Pages of the products' manuals, as they are kept of files that an agent may search. */
export interface Manual {
  readonly family: string;
  readonly file: string;
  readonly pages: readonly string[];
}

export const manuals: readonly Manual[] = [
  {
    family: "router",
    file: "halvren-router-manual.pdf",
    pages: [
      "Halvren routers, first start. Connect the power supply that came in the box (12 V, 2 A). The light on the front blinks white while the router starts and stays white when it is ready. Open http://192.168.77.1 or http://halvren.local and choose a password of at least twelve characters.",
      "Reset. Press the button beside the sockets with a paper clip for fifteen seconds until the light goes out. All settings are lost, the firmware is kept. A backup made under System, Backup can be read back afterwards.",
      "Lights. White: ready. Blinking white: starting or updating. Blue: a mesh point is looking for its router. Red, three times in a row: the provider refuses the login. Red, steady: no cable in the socket WAN.",
      "Warranty. Routers have a warranty of three years from the date of the invoice. Power supplies count as wearing parts and are replaced free of charge during the first two years.",
    ],
  },
  {
    family: "coffee",
    file: "bellamont-coffee-manual.pdf",
    pages: [
      "Bellamont coffee machines, daily care. Empty the drip tray, rinse the milk hose with warm water and wipe the brewing unit. Never use a dishwasher for the brewing unit.",
      "Descaling. The machine asks for descaling after 300 drinks at hardness 3. Pour one bottle of the original descaler into the tank, fill up to the mark, and start Care, Descale. The programme takes 25 minutes and must not be interrupted.",
      "Error codes. E2: the grinder is blocked. E4: no water arrives although the pump runs. E5: the brewing unit is not locked. E9: the heater is too hot, let the machine cool down for thirty minutes.",
      "Spare parts. Seal of the air valve 41-207, seal of the brewing unit 41-118, buffer battery 41-330, water filter 41-500. Parts are ordered under Orders, Spare parts, with the serial number of the machine.",
    ],
  },
  {
    family: "scooter",
    file: "veloria-scooter-manual.pdf",
    pages: [
      "Veloria scooters, before the first ride. Charge for six hours. Pump the tyres up to 3.5 bar. Check that the folding lever closes with a click, and ride slowly for the first two hundred kilometres, after which the bolt of the lever is tightened.",
      "Battery. Keep and charge it between 10 and 25 °C. Below 5 °C the range is up to half of what is printed. If the scooter is not used in winter, charge it to 60 % every other month.",
      "Transport. Scooters up to 15 kg may be taken on trains when folded. On aircraft the battery is not allowed, neither in the cabin nor in the hold.",
      "Service. The first inspection is due after 500 km or six months. Brake pads 63-020, sealing cap of the rear light 63-144 and valve cores are wearing parts.",
    ],
  },
  {
    family: "heating",
    file: "thermaq-heating-manual.pdf",
    pages: [
      "Thermaq heating controls, fitting a valve. Screw the valve on by hand and wait until the display shows Cal. The valve then learns both of its ends, which takes two minutes and is heard. Use alkaline AA cells, never rechargeable ones.",
      "Gateway. Connect it to the router by cable. Blue light: connected. White light: no link on the cable. Blinking blue: ready to pair. The gateway needs the outgoing ports 443 and 8883.",
      "Programmes. Week follows the timetable, Comfort and Eco hold one temperature, Holiday lowers it until a date and returns to Week. Boost opens the valve for five minutes.",
    ],
  },
];

/** Questions and answers that an agent was given, by the page they come from. */
export const questionsAndAnswers: readonly {
  readonly page: string;
  readonly pairs: readonly (readonly [question: string, answer: string])[];
}[] = [
  {
    page: "https://www.halvren.example/help/orders",
    pairs: [
      [
        "How long does delivery take?",
        "Standard parcels take two to four working days, express parcels arrive on the next working day when the order is placed before noon.",
      ],
      [
        "How do I return an article?",
        "Print the return label under My orders, put the slip into the parcel and hand it in within 30 days. The refund follows within ten working days.",
      ],
      [
        "Can I pick my order up?",
        "Yes, choose a pick-up point when ordering. The code comes by mail and holds for five days.",
      ],
      [
        "Do you ship abroad?",
        "We ship to all countries of the European Union, to the United Kingdom and to the United States. Freight outside the European Union is quoted on request.",
      ],
    ],
  },
  {
    page: "https://www.halvren.example/help/account",
    pairs: [
      [
        "How can I pay?",
        "By card, by direct debit or by invoice. Invoices are due within 14 days.",
      ],
      [
        "Where do I find my invoices?",
        "Under My account, Invoices. They can be downloaded for ten years.",
      ],
      [
        "How do I cancel my contract?",
        "Under My account, Contract, Cancel. The notice period is one month to the end of the term; you get a confirmation by mail.",
      ],
      [
        "How do I delete my account?",
        "Write to privacy@halvren.example from the address of the account. We delete it within 30 days unless invoices are open.",
      ],
    ],
  },
];

/** Words of the house that customers and agents use. */
export const glossary: readonly (readonly [term: string, meaning: string])[] = [
  ["SL2", "Second level: the engineers who take over after the second try."],
  ["mesh point", "A HR-600 Mesh that extends the network of another router by radio."],
  ["HK", "Old name of Thermaq heating controls, still printed on boxes of 2022."],
  ["slip", "The paper with the return number that belongs into a returned parcel."],
];

/** By column, other words for what the articles say. */
export const synonyms: readonly (readonly [column: string, words: string])[] = [
  ["title", "Wi-Fi, WLAN, wireless"],
  ["title", "reboot, restart, crash"],
  ["title", "invoice, bill, receipt"],
  ["content", "voucher, coupon, discount code"],
  ["content", "power supply, power brick, adapter"],
  ["keywords", "scooter, e-scooter, kick scooter"],
];
