import { decodeHTMLAttribute } from "entities";
import { Tokenizer } from "htmlparser2";

/** More attributes than any element has; the rest of a longer tag is read over. */
const mostAttributes = 40;
/** Longest value of an attribute that is looked at, in characters of source; a longer one counts as cut off there. */
const longestValue = 8_192;

/** Name in lower case ► value with its character references resolved; of two of one name the first counts. */
export type Attributes = ReadonlyMap<string, string>;

const none: Attributes = new Map();

/** Where something stands in the source: `source.slice(from, to)`. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** What is told of an HTML text, in its order. Names are in lower case. */
export interface HtmlEvents {
  /** Character references are left as they stand. A long text may come in several parts. */
  text(place: Place): void;
  open(name: string, attributes: Attributes, place: Place): void;
  close(name: string): void;
  /** A comment, or what browsers take for one (`<?…>`, `<!…>`, `<![CDATA[…]]>`). */
  comment(place: Place): void;
  /** `<!doctype …>` */
  declaration(place: Place): void;
}

/**
 * Reads HTML by htmlparser2's tokenizer, as browsers split it, in time that grows with its length alone. Builds no tree and
 * keeps no stack, so nesting costs nothing. `read` may be called again and again, so that who reads a long text can pause.
 *
 * @see https://html.spec.whatwg.org/multipage/parsing.html#tokenization
 */
export class HtmlTokens {
  readonly #source: string;
  readonly #tokenizer: Tokenizer;
  #at = 0;
  /** Up to here everything was told. */
  #told = 0;

  constructor(source: string, events: HtmlEvents) {
    this.#source = source;
    let name = "";
    let attributes: Map<string, string> | undefined;
    let attribute = "";
    let valueFrom = -1;
    let valueTo = -1;
    let tagFrom = 0;
    const opened = (end: number) => {
      this.#told = end + 1;
      events.open(name, attributes ?? none, { from: tagFrom, to: end + 1 });
    };
    const told = (tell: (place: Place) => void) => (from: number, to: number) => {
      this.#told = to;
      tell({ from, to });
    };
    const comment = told((place) => events.comment(place));
    this.#tokenizer = new Tokenizer(
      { decodeEntities: false },
      {
        ontext: told((place) => events.text(place)),
        // Only called where the tokenizer is asked to resolve references; here that is done for values alone.
        ontextentity: () => undefined,
        onattribentity: () => undefined,
        onopentagname: (from, to) => {
          tagFrom = from - 1;
          name = source.slice(from, to).toLowerCase();
          attributes = undefined;
        },
        onattribname: (from, to) => {
          attribute = source.slice(from, Math.min(to, from + 200)).toLowerCase();
          valueFrom = -1;
        },
        onattribdata: (from, to) => {
          if (valueFrom < 0) valueFrom = from;
          valueTo = to;
        },
        onattribend: () => {
          attributes ??= new Map();
          if (attributes.has(attribute) || attributes.size >= mostAttributes) return;
          const raw =
            valueFrom < 0
              ? ""
              : source.slice(valueFrom, Math.min(valueTo, valueFrom + longestValue));
          attributes.set(attribute, raw.includes("&") ? decodeHTMLAttribute(raw) : raw);
        },
        onopentagend: opened,
        onselfclosingtag: opened,
        onclosetag: told(({ from, to }) => events.close(source.slice(from, to).toLowerCase())),
        oncomment: comment,
        oncdata: comment,
        onprocessinginstruction: comment,
        ondeclaration: told((place) => events.declaration(place)),
        onend: () => undefined,
      },
    );
  }

  /** Reads on for so many characters. @returns false at the end of the source */
  read(characters: number): boolean {
    const to = Math.min(this.#at + characters, this.#source.length);
    if (to > this.#at) this.#tokenizer.write(this.#source.slice(this.#at, to));
    this.#at = to;
    return to < this.#source.length;
  }

  /**
   * Tells what was still open, after the last `read`.
   *
   * @returns the place of a tag that never ended, which browsers do not show
   */
  end(): Place | undefined {
    this.#tokenizer.end();
    const from = this.#source.indexOf("<", this.#told);
    return from >= 0 && from < this.#at ? { from, to: this.#at } : undefined;
  }
}
