/** Names of many cultures; any likeness is chance. Companies are made of invented stems, so none of them exists. */

export const givenNames = [
  "Aaliyah",
  "Adaeze",
  "Aiko",
  "Alejandro",
  "Amara",
  "Anders",
  "Anika",
  "Antoine",
  "Beatriz",
  "Bogdan",
  "Camille",
  "Chidi",
  "Daria",
  "Deniz",
  "Diego",
  "Dilnoza",
  "Ebba",
  "Elif",
  "Emeka",
  "Enzo",
  "Fatou",
  "Femke",
  "Florin",
  "Giulia",
  "Hana",
  "Haruto",
  "Hedda",
  "Ifeoma",
  "Imran",
  "Ingrid",
  "Jamal",
  "Jasper",
  "Jelena",
  "Joaquín",
  "Kaito",
  "Karim",
  "Katya",
  "Kwame",
  "Lars",
  "Leila",
  "Linh",
  "Luca",
  "Magda",
  "Malik",
  "Marek",
  "Mei",
  "Mirela",
  "Nadia",
  "Niamh",
  "Nikhil",
  "Noa",
  "Oksana",
  "Oluwaseun",
  "Paloma",
  "Pieter",
  "Priya",
  "Rafael",
  "Reza",
  "Rosalie",
  "Sanna",
  "Selam",
  "Sofía",
  "Soren",
  "Tariq",
  "Thandiwe",
  "Tomás",
  "Ulla",
  "Veronika",
  "Wei",
  "Yara",
  "Yusuf",
  "Zofia",
  "Zainab",
  "Émile",
  "Łukasz",
  "Åsa",
] as const;

export const familyNames = [
  "Abara",
  "Albrecht",
  "Almeida",
  "Andersson",
  "Arslan",
  "Baptiste",
  "Bergstrøm",
  "Bielski",
  "Bouchard",
  "Carvalho",
  "Chaudhry",
  "Chukwu",
  "Dąbrowski",
  "Delacroix",
  "Demir",
  "Dragomir",
  "Eriksen",
  "Esposito",
  "Falk",
  "Fernández",
  "Fujimoto",
  "Gallo",
  "García",
  "Grünwald",
  "Haddad",
  "Hakim",
  "Hernández",
  "Hoang",
  "Ibekwe",
  "Iyer",
  "Jansen",
  "Jovanović",
  "Kaplan",
  "Kimura",
  "Kowalczyk",
  "Kruger",
  "Lefèvre",
  "Lindgren",
  "Mahlangu",
  "Marchetti",
  "Mbeki",
  "Mensah",
  "Moreau",
  "Müller",
  "Nakagawa",
  "Ndiaye",
  "Novák",
  "O'Donnell",
  "Okafor",
  "Olsen",
  "Pereira",
  "Petrov",
  "Quiroga",
  "Rahman",
  "Reyes",
  "Rossi",
  "Rzepka",
  "Sandberg",
  "Schäfer",
  "Silva",
  "Sørensen",
  "Tadesse",
  "Takeda",
  "Tran",
  "Ueda",
  "Vasquez",
  "Vermeulen",
  "Virtanen",
  "Wójcik",
  "Yamada",
  "Yılmaz",
  "Zhou",
] as const;

const stems = [
  "Ardenvale",
  "Brixmoor",
  "Caldera",
  "Dovrefell",
  "Elmsworth",
  "Fennick",
  "Glimmerby",
  "Harrowgate",
  "Isenbruck",
  "Jorvella",
  "Kestrelin",
  "Lomastra",
  "Mirandell",
  "Northwick",
  "Orlavia",
  "Pellamar",
  "Quenby",
  "Rosskild",
  "Sundmark",
  "Tavrosa",
  "Umbriath",
  "Valdoria",
  "Westermoor",
  "Xandrell",
  "Yarrowby",
  "Zellenburg",
  "Brackwater",
  "Coravel",
  "Drumlin",
  "Esterhold",
  "Farrowdale",
  "Gossamere",
  "Hollowmere",
  "Inverlune",
  "Juniperra",
  "Kolvagen",
  "Larkspire",
  "Montressa",
  "Nettlefold",
  "Oakhaven",
] as const;

const trades = [
  "Logistics",
  "Bakeries",
  "Hotels",
  "Dental Care",
  "Architects",
  "Printing",
  "Garden Centres",
  "Schools",
  "Engineering",
  "Foods",
  "Insurance",
  "Media",
  "Textiles",
  "Pharmacies",
  "Furniture",
  "Consulting",
  "Clinics",
  "Ceramics",
  "Shipping",
  "Robotics",
] as const;

/** What a company's name ends in, by the language of its country. */
const forms: Readonly<Record<Language, readonly string[]>> = {
  en: ["Ltd", "Inc.", "Group", "& Sons", "plc"],
  de: ["GmbH", "AG", "KG"],
  fr: ["SARL", "SAS"],
  es: ["S.L.", "S.A."],
  pl: ["Sp. z o.o.", "S.A."],
  ja: ["K.K."],
};

export interface Company {
  readonly name: string;
  /** `ardenvale-logistics.example` */
  readonly domain: string;
}

/** The company of a running number: 800 apart, then with a number of their own. */
export function companyOf(index: number, language: Language): Company {
  const stem = stems[index % stems.length] ?? "";
  const block = Math.floor(index / stems.length);
  const trade = trades[(index * 7 + block) % trades.length] ?? "";
  const round = Math.floor(block / trades.length);
  const form = forms[language][block % forms[language].length] ?? "";
  const suffix = round === 0 ? "" : ` ${round + 1}`;
  const domain = `${stem}-${trade}${suffix}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return { name: `${stem} ${trade}${suffix} ${form}`, domain: `${domain}.example` };
}

/** Local part of an address: letters without marks. */
export const mailName = (first: string, last: string): string =>
  `${first}.${last}`
    .normalize("NFKD")
    .replace(/[łŁ]/g, "l")
    .replace(/[øØ]/g, "o")
    .replace(/ı/g, "i")
    .toLowerCase()
    .replace(/[^a-z.]/g, "");

export interface Country {
  readonly name: string;
  readonly cities: readonly string[];
  /** Hours from UTC, for working hours. */
  readonly offset: number;
  readonly language: Language;
  /** Numbers set aside for fiction, with `#` for a digit. */
  readonly phone: string;
}

export type Language = "en" | "de" | "fr" | "es" | "pl" | "ja";

/** Windows locale ids, as knowledge articles use them. */
export const localeOf: Readonly<Record<Language, number>> = {
  en: 1033,
  de: 1031,
  fr: 1036,
  es: 3082,
  pl: 1045,
  ja: 1041,
};

export const countries: readonly (readonly [Country, number])[] = [
  [
    {
      name: "United Kingdom",
      cities: ["Leeds", "Bristol", "Cardiff", "York", "Norwich"],
      offset: 0,
      language: "en",
      phone: "+44 1632 960###",
    },
    34,
  ],
  [
    {
      name: "United States",
      cities: ["Austin", "Denver", "Columbus", "Portland", "Tampa"],
      offset: -6,
      language: "en",
      phone: "+1 (206) 555-01##",
    },
    40,
  ],
  [
    {
      name: "Ireland",
      cities: ["Cork", "Galway", "Sligo"],
      offset: 0,
      language: "en",
      phone: "+353 20 910 ####",
    },
    14,
  ],
  [
    {
      name: "Germany",
      cities: ["Kassel", "Bremen", "Erfurt"],
      offset: 1,
      language: "de",
      phone: "+49 30 23125 ###",
    },
    4,
  ],
  [
    {
      name: "France",
      cities: ["Nantes", "Dijon", "Lille"],
      offset: 1,
      language: "fr",
      phone: "+33 1 99 00 ## ##",
    },
    3,
  ],
  [
    {
      name: "Spain",
      cities: ["Murcia", "Bilbao", "León"],
      offset: 1,
      language: "es",
      phone: "+44 1632 960###",
    },
    3,
  ],
  [
    {
      name: "Poland",
      cities: ["Łódź", "Lublin"],
      offset: 1,
      language: "pl",
      phone: "+44 1632 960###",
    },
    1,
  ],
  [
    {
      name: "Japan",
      cities: ["Sendai", "Nagoya"],
      offset: 9,
      language: "ja",
      phone: "+44 1632 960###",
    },
    1,
  ],
];

/** The countries with their weights when this language is the main one: it changes places with English. */
export function countriesOf(main: Language): readonly (readonly [Country, number])[] {
  if (main === "en") return countries;
  const share = (language: Language) =>
    countries.reduce((sum, [each, weight]) => sum + (each.language === language ? weight : 0), 0);
  const factor = share("en") / share(main);
  return countries.map(([country, weight]) => [
    country,
    country.language === main
      ? weight * factor
      : country.language === "en"
        ? weight / factor
        : weight,
  ]);
}
