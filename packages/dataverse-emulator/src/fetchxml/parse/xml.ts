import { SaxesParser } from "saxes";
import { INVALID_XML, type Position, refuse } from "./refuse";

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  readonly at: Position;
}

interface OpenElement extends XmlElement {
  children: XmlElement[];
  text: string;
}

const DEEPEST = 64;
/** As long as a URL inside `$batch` may be. */
const LONGEST = 65_536;

/** Reads an XML document into a tree. Refuses DOCTYPE, so that no entity can be declared, and deep nesting. */
export function parseXml(text: string): XmlElement {
  if (text.length > LONGEST) {
    throw refuse(INVALID_XML, `Invalid XML. It is longer than ${LONGEST} characters.`);
  }
  const parser = new SaxesParser();
  const stack: OpenElement[] = [];
  let root: XmlElement | undefined;
  let begin: Position = { line: 1, column: 1 };
  const here = (): Position => ({ line: parser.line, column: parser.column });

  parser.on("error", (error) => {
    throw refuse(INVALID_XML, `Invalid XML. ${error.message.replace(/^\d+:\d+: /, "")}`, here());
  });
  parser.on("doctype", () => {
    throw refuse(INVALID_XML, "Invalid XML. A DOCTYPE is not allowed in FetchXML.", here());
  });
  parser.on("opentagstart", (tag) => {
    begin = { line: parser.line, column: Math.max(1, parser.column - tag.name.length - 1) };
  });
  parser.on("opentag", (tag) => {
    if (stack.length >= DEEPEST) {
      throw refuse(INVALID_XML, `Invalid XML. Elements are nested deeper than ${DEEPEST}.`, begin);
    }
    const { name, attributes } = tag;
    const element: OpenElement = { name, attributes, children: [], text: "", at: begin };
    const parent = stack.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
    stack.push(element);
  });
  const addText = (part: string) => {
    const top = stack.at(-1);
    if (top !== undefined) top.text += part;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    stack.pop();
  });
  parser.write(text).close();
  if (root === undefined) throw refuse(INVALID_XML, "Invalid XML. There is no element.");
  return root;
}
