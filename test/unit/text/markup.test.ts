import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseFragment } from "parse5";
import { SaxesParser } from "saxes";
import { escapeHtml, escapeLike, escapeXml, unescapeXml } from "../../../shared/text/markup";

/** The value of the one attribute, as a strict reader of XML sees it. */
function readXml(attribute: string): string | undefined {
  let value: string | undefined;
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ attributes }) => {
    value = attributes.a;
  });
  parser.write(`<x a="${attribute}"/>`).close();
  return value;
}

const marks = fc.constantFrom("&", "<", ">", '"', "'", "\t", "\n", "\r", "&amp;", "]]>", "ß", "🙂");
const words = fc.array(fc.oneof(marks, fc.string({ maxLength: 5 })), { maxLength: 20 });

describe("XML", () => {
  test("what is escaped reads back as it was, whatever it holds", () => {
    fc.assert(
      fc.property(words, (parts) => {
        const text = parts.join("");
        // biome-ignore lint/suspicious/noControlCharactersInRegex: XML cannot hold these
        const kept = text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "");
        expect(readXml(escapeXml(text))).toBe(kept);
      }),
    );
  });

  test("half a character becomes the sign for one that is not known", () => {
    expect(readXml(escapeXml("a\uD800b"))).toBe("a\uFFFDb");
  });

  test("a cookie of Dataverse reads back", () => {
    const cookie = `<cookie page="1"><a last="O'Neil &amp; Co"/></cookie>`;
    expect(unescapeXml(escapeXml(cookie))).toBe(cookie);
  });
});

test("HTML shows the text itself, between tags and in an attribute", () => {
  fc.assert(
    fc.property(words, (parts) => {
      const text = parts.join("").replaceAll("\r", "").replaceAll("\0", "");
      const [node] = parseFragment(`<i title="${escapeHtml(text)}">${escapeHtml(text)}</i>`)
        .childNodes as unknown as [
        { attrs: { value: string }[]; childNodes: { nodeName: string; value: string }[] },
      ];
      expect(node.attrs.map(({ value }) => value)).toEqual([text]);
      expect(node.childNodes.map(({ value }) => value).join("")).toBe(text);
      expect(node.childNodes.every(({ nodeName }) => nodeName === "#text")).toBe(true);
    }),
  );
});

test.each([
  ["50%", "50[%]"],
  ["a_b", "a[_]b"],
  ["[x]", "[[]x]"],
])("like finds %s as it is written", (text, pattern) => {
  expect(escapeLike(text)).toBe(pattern);
});
