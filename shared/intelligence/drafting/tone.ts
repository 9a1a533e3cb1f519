/** How a reply of ours can sound. */
export type Manner = "formal" | "friendly" | "usual";

export interface Tone {
  readonly manner: Manner;
  /** Nothing is said beside the matter. */
  readonly isBrief: boolean;
  /** It says sorry whatever the customer's mood. */
  readonly isSorry: boolean;
  /** What was asked for and is none of these; undefined when all of it was understood. */
  readonly unknown: string | undefined;
}

const words: readonly (readonly [keyof Known, RegExp])[] = [
  [
    "formal",
    /^(?:formal|official|respectful|polite|businesslike|business|professional|förmlich|formell|höflich|sachlich|formel(?:le)?|poli|officiel|profesional|cortés|formale|cortese|formeel|zakelijk|beleefd|oficial|formalny|uprzejmy|フォーマル|丁寧)$/iu,
  ],
  [
    "friendly",
    /^(?:friendly|warm|casual|informal|personal|cordial|kind|freundlich|herzlich|locker|persönlich|amical|chaleureux|cordial|amable|cercano|cordiale|amichevole|caloroso|vriendelijk|hartelijk|informeel|amigável|simpático|caloroso|przyjazny|serdeczny|フレンドリー|親しみやすい)$/iu,
  ],
  [
    "brief",
    /^(?:brief|short|concise|terse|succinct|to the point|kurz|knapp|bündig|bref|brève|court|concis|breve|corto|conciso|kort|bondig|curto|krótki|zwięzły|簡潔|短い?)$/iu,
  ],
  [
    "sorry",
    /^(?:apologetic|empathetic|empathic|sympathetic|understanding|sorry|regretful|entschuldigend|einfühlsam|verständnisvoll|mitfühlend|empathique|compréhensif|désolé|empático|comprensivo|de disculpa|empatico|comprensivo|begripvol|meelevend|verontschuldigend|compreensivo|empatyczny|współczujący|お詫び|共感)$/iu,
  ],
  [
    "usual",
    /^(?:neutral|normal|usual|default|standard|üblich|neutre|neutro|neutraal|neutralny|普通)$/iu,
  ],
];

type Known = Readonly<Record<"brief" | "formal" | "friendly" | "sorry" | "usual", unknown>>;

/** A tone in words: `formal`, `friendly and brief`, `kurz`. */
export function toneOf(asked: string | undefined): Tone {
  const parts = (asked ?? "")
    .split(/,|\/|;|&|\+| und | and | et | y | e | en | i |、/iu)
    .map((part) =>
      part
        .replace(
          /(?:^|\s)(?:very|more|sehr|a bit|etwas|plus|más|più|tone|ton|tono)(?=\s|$)/giu,
          " ",
        )
        .trim(),
    )
    .filter((part) => part !== "");
  const known = new Set<keyof Known>();
  const unknown = parts.filter((part) => {
    const found = words.find(([, pattern]) => pattern.test(part))?.[0];
    if (found !== undefined) known.add(found);
    return found === undefined;
  });
  return {
    manner: known.has("formal") ? "formal" : known.has("friendly") ? "friendly" : "usual",
    isBrief: known.has("brief"),
    isSorry: known.has("sorry"),
    unknown: unknown.length === 0 ? undefined : unknown.join(", "),
  };
}
