import { type Traits, traitsOf } from "./traits";

/**
 * What goes wrong with the products of the sample company, and what really cures it: six families of ten faults. Titles,
 * mails, resolutions and knowledge articles are all told from these, so an article truly solves the cases of its fault.
 */
export interface Fault extends Traits {
  /** `<family>-<number>`; kept in the side file of ground truth, never in the database. */
  readonly id: string;
  /** As a customer would put it, without a full stop. */
  readonly symptom: string;
  /** What a representative asks first. */
  readonly question: string;
  readonly cause: string;
  readonly resolution: string;
}

export interface ProductFamily {
  readonly key: string;
  readonly name: string;
  readonly models: readonly string[];
  readonly faults: readonly Fault[];
}

type Row = readonly [symptom: string, question: string, cause: string, resolution: string];

const family = (
  key: string,
  name: string,
  models: readonly string[],
  rows: readonly Row[],
): ProductFamily => ({
  key,
  name,
  models,
  faults: rows.map(([symptom, question, cause, resolution], index) => ({
    id: `${key}-${index + 1}`,
    symptom,
    question,
    cause,
    resolution,
    ...traitsOf(key, index),
  })),
});

export const productFamilies: readonly ProductFamily[] = [
  family(
    "router",
    "Halvren routers",
    ["HR-100", "HR-220", "HR-400 Pro", "HR-90 Mini", "HR-600 Mesh", "HR-15 Travel"],
    [
      [
        "the connection drops every night at about the same time",
        "Which firmware version does the status page show?",
        "The nightly channel scan of firmware 4.1 restarts the radio.",
        "Update to firmware 4.3 and switch off the nightly channel scan under Wireless, Advanced.",
      ],
      [
        "the router restarts by itself several times a day",
        "Is the power supply the one that came in the box?",
        "A supply of less than 2 A lets the voltage fall under load.",
        "Use the 12 V, 2 A supply that came with the router; we replace it free of charge if it is worn.",
      ],
      [
        "the wireless network is very slow in one room",
        "How many walls are between the router and that room?",
        "The 5 GHz band does not pass through load-bearing walls.",
        "Switch on band steering and add a mesh point halfway; 2.4 GHz reaches the room meanwhile.",
      ],
      [
        "the administration page does not open any more",
        "Do you reach it by name or by its address?",
        "The name halvren.local is not resolved after a change of the address range.",
        "Open http://192.168.77.1 and enter the new range under Network, then the name works again.",
      ],
      [
        "guests cannot log in to the guest network",
        "What does the guest see after entering the password?",
        "The guest portal certificate expired.",
        "Press Renew under Guest access, Certificate, and let guests forget the network once.",
      ],
      [
        "the light on the front blinks red",
        "Does it blink once or three times in a row?",
        "Three blinks mean that the provider refuses the login.",
        "Enter the access data of the provider again; after five wrong tries wait ten minutes.",
      ],
      [
        "port forwarding stopped working after the update",
        "Which version was installed before the update?",
        "The update moved the rules to a disabled profile.",
        "Choose the profile Migrated under Firewall, Profiles, and press Apply.",
      ],
      [
        "the printer is not found in the network",
        "Is the printer connected to the guest network?",
        "Devices in the guest network are kept apart from the others.",
        "Connect the printer to the main network or allow Printing under Guest access, Exceptions.",
      ],
      [
        "parental controls block everything",
        "Which time zone is set in the router?",
        "The schedule runs in UTC when no time zone is chosen.",
        "Choose the time zone under System, Clock, and save the schedule again.",
      ],
      [
        "the mesh point loses its pairing",
        "How long does the pairing hold?",
        "Mesh points before serial 70000 need their own firmware 2.8.",
        "Update the mesh point by cable to firmware 2.8 and pair it again.",
      ],
    ],
  ),
  family(
    "coffee",
    "Bellamont coffee machines",
    ["BM Uno", "BM Duo", "BM Office 12", "BM Barista", "BM Crema S", "BM Crema L"],
    [
      [
        "the coffee comes out only lukewarm",
        "When was the machine last descaled?",
        "Scale on the heater keeps the water from getting hot.",
        "Run the descaling programme twice with the original descaler and set the water hardness.",
      ],
      [
        "the display shows error E4",
        "Is the water tank pushed in until it clicks?",
        "E4 means that the flow meter turns but no water arrives.",
        "Empty the tank, press the valve at its bottom three times and put it back until it clicks.",
      ],
      [
        "milk is not frothed any more",
        "Which milk do you use, and is the hose cleaned daily?",
        "Dried milk blocks the air valve.",
        "Soak the air valve for an hour in the milk cleaner and replace its seal, part 41-207.",
      ],
      [
        "water runs out under the machine",
        "Does it also leak when the machine is off?",
        "The drip tray sensor sits askew after cleaning.",
        "Push the tray in level; if it still leaks, the seal of the brewing unit, part 41-118, is due.",
      ],
      [
        "the grinder is much louder than before",
        "Did the noise begin with a new bag of beans?",
        "A stone or a hard bean is caught between the discs.",
        "Set the grinder to coarse, empty the hopper, and let it run empty for ten seconds.",
      ],
      [
        "the machine does not switch on",
        "Is the switch at the back on as well?",
        "The service door contact is not closed.",
        "Close the service door firmly until both clicks are heard, then switch on at the back.",
      ],
      [
        "the coffee tastes bitter",
        "Which strength and temperature are set?",
        "The factory setting of the Crema series brews too hot for dark roasts.",
        "Lower the brewing temperature to level 2 and choose a coarser grind.",
      ],
      [
        "the counter of drinks was reset to zero",
        "Was the machine without power for longer than a week?",
        "The buffer battery is empty.",
        "Replace the buffer battery, part 41-330; earlier counts can be read by our service only.",
      ],
      [
        "the app does not find the machine",
        "Does the phone use the 2.4 GHz network?",
        "The machine knows only 2.4 GHz wireless.",
        "Connect the phone to the 2.4 GHz network while pairing; afterwards any network will do.",
      ],
      [
        "the filter warning does not go away",
        "Was the filter confirmed in the menu?",
        "The counter is reset only by confirming the change.",
        "Choose Care, Filter, New filter inserted, and hold OK for three seconds.",
      ],
    ],
  ),
  family(
    "scooter",
    "Veloria scooters",
    ["V-Lite", "V-City", "V-City Max", "V-Tour", "V-Cargo", "V-Junior"],
    [
      [
        "the battery lasts only half as far as before",
        "How cold is it where the scooter is kept?",
        "Below 5 °C the battery gives up to half its charge less.",
        "Charge and keep the battery indoors; if the range stays short above 15 °C, we test it under warranty.",
      ],
      [
        "the brake squeaks loudly",
        "Does it squeak in dry weather, too?",
        "The pads are glazed after long slow braking.",
        "Brake hard five times from 20 km/h; if it still squeaks, replace the pads, part 63-020.",
      ],
      [
        "the scooter does not charge",
        "Which colour is the light of the charger?",
        "A green light at once means that the charging contact is dirty.",
        "Clean the charging socket with a dry brush; the light turns red while charging.",
      ],
      [
        "the display stays black",
        "Do the lights of the scooter work?",
        "The display cable is loose after folding.",
        "Unfold, open the cover under the display and push the white plug in until it clicks.",
      ],
      [
        "the folding lever is loose",
        "How far does it move when locked?",
        "The clamping bolt has settled during the first 200 km.",
        "Tighten the bolt of the lever by a quarter turn with the 5 mm key under the deck.",
      ],
      [
        "the top speed is limited to 6 km/h",
        "Is the walking mode symbol shown?",
        "Walking mode was switched on by a long press.",
        "Hold the mode button for four seconds until the walking symbol goes out.",
      ],
      [
        "the rear light flickers",
        "Did it begin after rain?",
        "Water stands in the plug of the rear mudguard.",
        "Dry the plug under the mudguard and fit the sealing cap, part 63-144, which we send free of charge.",
      ],
      [
        "the app shows the wrong mileage",
        "Was the controller replaced lately?",
        "A new controller starts at zero; the app adds nothing up.",
        "Send us the old controller's serial; we enter the mileage in the account.",
      ],
      [
        "the tyre loses air every few days",
        "Which pressure do you fill in?",
        "The valve core is not tight.",
        "Tighten the valve core with the cap key and fill to 3.5 bar.",
      ],
      [
        "an alarm sounds while parking",
        "Was the alarm armed in the app?",
        "The sensitivity is set too high for windy places.",
        "Lower the alarm to level 1 in the app under Safety.",
      ],
    ],
  ),
  family(
    "billing",
    "Customer account and billing",
    [
      "Account Basic",
      "Account Plus",
      "Account Business",
      "Account Family",
      "Paper invoice",
      "Direct debit",
    ],
    [
      [
        "the last invoice was charged twice",
        "Which two invoice numbers do you see?",
        "The payment was sent again after a time-out of the bank.",
        "We refund the second payment within five working days and confirm it by mail.",
      ],
      [
        "the invoice shows the old address",
        "Since when has the new address applied?",
        "Address changes apply to invoices from the following month.",
        "We issue the invoice again with the new address; the old one is cancelled.",
      ],
      [
        "the password reset mail never arrives",
        "Which address is the account registered under?",
        "The address was misspelt when registering.",
        "We correct the address after a check of the last invoice number, then the reset works.",
      ],
      [
        "the discount was not taken off",
        "Which voucher code was used?",
        "The voucher applies only above the minimum order value.",
        "We credit the difference once and explain the minimum order value of the voucher.",
      ],
      [
        "the direct debit was returned",
        "Has the bank account changed?",
        "The mandate still names the old account.",
        "Enter the new account under My data, Payment, and confirm the mandate; the return fee is waived once.",
      ],
      [
        "a colleague needs access to the company account",
        "Which role should the colleague have?",
        "Only the owner of a company account may invite others.",
        "The owner invites the colleague under Company, Members; the invitation holds for seven days.",
      ],
      [
        "the contract was renewed although it had been cancelled",
        "On which day was the cancellation sent?",
        "The cancellation arrived after the notice period.",
        "We accept the cancellation as a courtesy to the end of the month and confirm it in writing.",
      ],
      [
        "the invoice cannot be downloaded",
        "Which browser do you use?",
        "The document link expires after thirty minutes.",
        "Reload the page of invoices before the download; we also send the file by mail.",
      ],
      [
        "the value added tax number is missing on the invoice",
        "What is the number, and since when does it hold?",
        "The number was entered without its country code.",
        "Enter the number with its country code; we issue the affected invoices again.",
      ],
      [
        "the account is locked",
        "Which message do you see at login?",
        "Five wrong passwords lock the account for an hour.",
        "Wait an hour or use the reset link; the lock then opens at once.",
      ],
    ],
  ),
  family(
    "heating",
    "Thermaq heating controls",
    ["TQ-10", "TQ-20", "TQ-30 Radio", "TQ Gateway", "TQ Valve", "TQ Sense"],
    [
      [
        "the radiator stays cold although the room is too cool",
        "Does the valve move when you press Boost?",
        "The valve pin sticks after the summer.",
        "Take the head off and press the pin in and out ten times with a flat tool, then calibrate.",
      ],
      [
        "the thermostat shows a wrong temperature",
        "Does the sun or a lamp shine on it?",
        "The sensor measures the wall behind it.",
        "Move it to an inner wall 1.5 m high, or set the correction under Settings, Offset.",
      ],
      [
        "the gateway is offline",
        "Is the light on the gateway blue or white?",
        "White means that the network cable has no link.",
        "Use another port of the router, then hold the button for ten seconds until it turns blue.",
      ],
      [
        "the batteries are empty after a few weeks",
        "Which batteries do you use?",
        "Rechargeable cells deliver too little voltage.",
        "Use alkaline AA cells, and calibrate the valve so that it does not run against its stop.",
      ],
      [
        "the heating runs through the night",
        "Which programme is active?",
        "Holiday mode ended and left Comfort on.",
        "Choose the programme Week under Mode; since app 5.2 holiday mode returns to it by itself.",
      ],
      [
        "the window detection does not work",
        "How quickly does the temperature fall?",
        "The detection needs a fall of 1.5 °C in three minutes.",
        "Set the sensitivity to high, or pair a window contact TQ Sense.",
      ],
      [
        "the valve makes grinding noises",
        "Do the noises come every hour?",
        "The valve lost its zero position.",
        "Start Calibrate under Device; the valve then learns both of its ends.",
      ],
      [
        "the app refuses to log in",
        "Which message appears?",
        "Accounts of the old service were moved and need a new password.",
        "Choose Forgotten password once; all devices are kept.",
      ],
      [
        "the display is in a foreign language",
        "Which language do you see?",
        "The language is chosen at the first start and afterwards only by a reset.",
        "Hold plus and minus for eight seconds, then choose the language; the programmes are kept.",
      ],
      [
        "radio contact to the valve is lost",
        "How far away is the gateway?",
        "A metal cover in front of the radiator shields the radio.",
        "Pair a TQ-30 Radio as repeater in the same room, or take the cover off.",
      ],
    ],
  ),
  family(
    "delivery",
    "Orders and delivery",
    ["Standard parcel", "Express parcel", "Freight", "Pick-up point", "Return", "Spare parts"],
    [
      [
        "the parcel has not arrived",
        "Which day did the tracking page change last?",
        "The parcel is held at the depot because of a damaged label.",
        "We have the parcel labelled anew today; it arrives within two working days.",
      ],
      [
        "the parcel was left with an unknown neighbour",
        "Which name stands in the tracking?",
        "The driver entered only the house number.",
        "We ask the carrier for the slip and send a replacement if the parcel is not found in three days.",
      ],
      [
        "the wrong article was in the parcel",
        "Which article number is on the bag?",
        "Two articles with similar numbers were swapped when packing.",
        "We send the right article at once and a return label for the wrong one.",
      ],
      [
        "the article arrived damaged",
        "Can you send a photo of the outer box?",
        "The box was crushed in transport.",
        "We replace the article; keep the box for the carrier for seven days.",
      ],
      [
        "the return has not been refunded",
        "On which day was the return handed in?",
        "Returns without their slip are matched by hand.",
        "With the drop-off receipt we refund within three working days.",
      ],
      [
        "the delivery address has to be changed",
        "Has the parcel already left our warehouse?",
        "After dispatch only the carrier can change the address.",
        "Use the redirect link in the tracking mail; before dispatch we change it at once.",
      ],
      [
        "only part of the order was delivered",
        "Which articles are missing?",
        "The rest ships from another warehouse.",
        "The second parcel follows within three days; its tracking number comes by mail.",
      ],
      [
        "the express surcharge was paid but the parcel was late",
        "Which delivery time was promised?",
        "The order was placed after the noon limit.",
        "We refund the surcharge as a courtesy.",
      ],
      [
        "the spare part is out of stock",
        "Which part number do you need?",
        "The part comes with the next batch of the maker.",
        "We reserve one from the next batch and send it without shipping costs.",
      ],
      [
        "the pick-up code does not work",
        "How many digits has the code?",
        "Codes hold for five days.",
        "We send a new code; the parcel stays for another five days.",
      ],
    ],
  ),
];

export const faults: readonly Fault[] = productFamilies.flatMap((each) => each.faults);
