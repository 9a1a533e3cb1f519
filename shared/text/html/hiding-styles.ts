import type { Attributes } from "./html-tokens";

/** What decides whether a person sees the words of an element. */
export interface Look {
  readonly hidden: boolean;
  /** Colour of the paper below the words, as red, green, blue; undefined where nobody said. */
  readonly paper: Colour | undefined;
}

type Colour = readonly [red: number, green: number, blue: number];

const white: Colour = [255, 255, 255];
const named: Readonly<Record<string, Colour>> = {
  white,
  black: [0, 0, 0],
  snow: [255, 250, 250],
  ivory: [255, 255, 240],
  whitesmoke: [245, 245, 245],
  ghostwhite: [248, 248, 255],
};
/** Colours that differ by less in every part are one to the eye. */
const tolerance = 12;

/** Declarations of a style attribute by property, in lower case and without `!important`; the last of a name counts. */
function declarationsOf(style: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const declaration of style.toLowerCase().split(";")) {
    const colon = declaration.indexOf(":");
    if (colon < 0) continue;
    const value = declaration.slice(colon + 1).replace("!important", "");
    found.set(declaration.slice(0, colon).trim(), value.trim());
  }
  return found;
}

const nothing: ReadonlyMap<string, string> = new Map();

type Seen = Colour | "transparent" | undefined;

function colourOf(value: string | undefined): Seen {
  if (value === undefined) return undefined;
  const text = value.trim().toLowerCase();
  if (text.startsWith("transparent")) return "transparent";
  const hex = /^#?([0-9a-f]{3,8})$/.exec(text)?.[1];
  if (hex !== undefined && (text.startsWith("#") || hex.length === 6)) {
    const wide = hex.length < 6 ? [...hex].map((digit) => digit + digit).join("") : hex;
    const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) =>
      Number.parseInt(wide.slice(at, at + 2), 16),
    );
    return wide.length === 8 && wide.endsWith("00") ? "transparent" : [red, green, blue];
  }
  if (/^rgba?\(/.test(text)) {
    const [red = 0, green = 0, blue = 0, alpha = 1] = text
      .slice(text.indexOf("(") + 1)
      .split(/[,\s/]/)
      .filter((part) => part !== "")
      .map((part) => Number.parseFloat(part));
    return alpha === 0 ? "transparent" : [red, green, blue];
  }
  return named[text];
}

const areOne = (one: Colour, other: Colour): boolean =>
  one.every((part, at) => Math.abs(part - (other[at] ?? 0)) <= tolerance);

/** A length without its unit, and how many of that unit are too small to read. */
function isTiny(value: string): boolean {
  const size = Number.parseFloat(value);
  if (Number.isNaN(size)) return false;
  if (value.endsWith("%")) return size <= 10;
  return /em$|ex$|ch$|vw$|vh$/.test(value) ? size <= 0.1 : size <= 1;
}
const isZero = (value: string): boolean => Number.parseFloat(value) === 0;
const isFarAway = (value: string): boolean => Number.parseFloat(value) <= -100;

/** Property ► whether its value hides what stands in the element. */
const hiding = new Map<string, (value: string) => boolean>(
  Object.entries({
    display: (value: string) => value.startsWith("none"),
    visibility: (value: string) => value.startsWith("hidden") || value.startsWith("collapse"),
    opacity: (value: string) => Number.parseFloat(value) < (value.endsWith("%") ? 10 : 0.1),
    "font-size": isTiny,
    font: (value: string) => /^0(?:px|pt|em|%)?[\s/]/.test(value),
    height: isZero,
    width: isZero,
    "max-height": isZero,
    "max-width": isZero,
    "text-indent": isFarAway,
    left: isFarAway,
    top: isFarAway,
    right: isFarAway,
    "margin-left": isFarAway,
    "margin-top": isFarAway,
    clip: (value: string) => value.startsWith("rect(0"),
    "clip-path": (value: string) => /^inset\((?:50|100)%/.test(value),
    transform: (value: string) => /^scale\(\s*0/.test(value),
    color: (value: string) => colourOf(value) === "transparent",
    "mso-hide": (value: string) => value.startsWith("all"),
  } satisfies Record<string, (value: string) => boolean>),
);

function hides(style: ReadonlyMap<string, string>): boolean {
  for (const [name, value] of style) if (hiding.get(name)?.(value)) return true;
  return false;
}

/** How an element looks by its own attributes and by what it stands in. */
export function lookOf(attributes: Attributes, above: Look | undefined): Look {
  const said = attributes.get("style");
  const style = said === undefined ? nothing : declarationsOf(said);
  const ground = colourOf(
    style.get("background-color") ?? style.get("background") ?? attributes.get("bgcolor"),
  );
  const paper = ground === undefined || ground === "transparent" ? above?.paper : ground;
  const ink = colourOf(style.get("color") ?? attributes.get("color"));
  const hidden =
    (above?.hidden ?? false) ||
    attributes.has("hidden") ||
    attributes.get("aria-hidden") === "true" ||
    hides(style) ||
    // Ink of the colour of its paper; paper is white unless it is said to be otherwise.
    (ink !== undefined && ink !== "transparent" && areOne(ink, paper ?? white));
  return { hidden, paper };
}
