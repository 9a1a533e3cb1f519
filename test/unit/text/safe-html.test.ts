import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseFragment } from "parse5";
import { longestBody, makeHtmlSafe } from "../../../shared/text";
import { HtmlTokens } from "../../../shared/text/html/html-tokens";
import { judgeLink, judgePicture } from "../../../shared/text/html/safe-addresses";
import { filter, SafeTags } from "../../../shared/text/html/safe-tag";
import { payloads } from "../../support/hostile-html";
import { offencesIn } from "../../support/stored-html";

/** Payloads whose danger is words to every browser: nothing has to go. */
const harmless = /^<a (?:title="a&quot;|href="https:)/;
const clean = async (html: string) => (await makeHtmlSafe(html)).html;

describe("the judge of these tests", () => {
  // A judge that finds nothing would let everything pass; a few payloads need a page around them to come to life.
  test("objects to the payloads as they were written", () => {
    const active = payloads.filter((payload) => offencesIn(payload).length > 0);
    expect(active.length).toBeGreaterThan(payloads.length * 0.8);
  });
});

describe("makeHtmlSafe", () => {
  test.each(payloads)("leaves nothing active of %s", async (payload) => {
    const { html, removed } = await makeHtmlSafe(`<p>Before</p>${payload}<b>After</b>`);
    expect(offencesIn(html)).toEqual([]);
    expect(removed.length > 0 || harmless.test(payload)).toBe(true);
    expect(html).toMatch(/^<p>Before<\/p>/);
    expect(await clean(html)).toBe(html);
  });

  test.each([
    '<p>Hello <b>Ada</b>,<br>see <a href="https://x.example/a?b=1&amp;c=2">here</a></p>',
    '<table border="1" cellpadding="2" style="width:100%;"><tbody><tr><td colspan="2" nowrap>a</td></tr></tbody></table>',
    '<ul><li>one<li>two</ul><ol start="3" type="a"><li value="4">x</li></ol>',
    '<font color="#ff0000" face="Arial" size="2">red</font><span style="color:rgb(0, 0, 0); font-family:Calibri,sans-serif;">x</span>',
    '<a href="mailto:a@x.example">m</a><a href="tel:+4930123">t</a><a href="#top">u</a><a href="//x.example">v</a>',
    '<img src="cid:logo@x" alt="logo" width="10"><hr><blockquote type="cite">q</blockquote>',
    '<img src="/api/data/v9.2/msdyn_richtextfiles(0a000000-0000-4000-8000-000000000001)/msdyn_imageblob/$value?size=full">',
    '<div class="gmail_quote" id="divRplyFwdMsg">older</div>',
    "<!DOCTYPE html><html><head></head><body>x &eacute; &amp; &lt;b&gt; \u00e9 &nbsp;</body></html>".replace(
      "<head></head>",
      "",
    ),
    "a < b, 1 <2 and c > d & e",
    "no markup at all",
    "",
  ])("leaves %s as it is", async (html) => {
    expect(await makeHtmlSafe(html)).toEqual({ html, removed: [] });
  });

  test.each([
    ["Write to <john@x.example>, please", "Write to <john@x.example>, please"],
    ["Read <https://x.example/a?b=c&d=e>.", "Read <https://x.example/a?b=c&d=e>."],
    ["Dear <your name>,", "Dear <your name>,"],
    ["if a<b and c>d then", "if a<b and c>d then"],
    ["it holds that a <b", "it holds that a <b"],
    ["<3", "<3"],
  ])("keeps the words of %s", async (written, shown) => {
    const { html, removed } = await makeHtmlSafe(written);
    const [node] = parseFragment(html).childNodes;
    expect([node && "value" in node && node.value, removed]).toEqual([shown, []]);
  });

  test("names each kind once", async () => {
    const { removed } = await makeHtmlSafe(
      '<script>1</script><script>2</script><p onclick=x>a</p><form></form><img src="https://x.example/a"><a href="javascript:1">b</a><iframe></iframe>',
    );
    expect([...removed].sort()).toEqual([
      "event handlers",
      "forms",
      "frames and embedded objects",
      "remote pictures",
      "scripts",
      "unsafe addresses",
    ]);
  });

  test("shows the words that stood for a picture", async () => {
    expect(await clean('<img src="https://x.example/a" alt="our <logo>">')).toBe(
      "our &lt;logo&gt;",
    );
  });

  const word = fc.constantFrom(
    ..."< > </ <! <!-- --> <![CDATA[ ]]> <? ?> \" ' = / & ; &lt; &#60; &colon; on a b p script svg math style img iframe".split(
      " ",
    ),
    ..."noscript template textarea title xmp plaintext table td select href src onerror style= title= javascript: data: url( cid:".split(
      " ",
    ),
    ..."https://x.example x \u0000 \u000c \n".split(" "),
    " ",
    ...payloads,
  );
  const soup = fc.array(word, { maxLength: 30 }).map((parts) => parts.join(""));

  test("lets nothing active through, whatever the soup", async () => {
    await fc.assert(
      fc.asyncProperty(soup, async (html) => {
        const safe = await clean(html);
        expect(offencesIn(safe)).toEqual([]);
        // Read and written again by another program, it stays what it is.
        expect(await clean(safe)).toBe(safe);
      }),
      { numRuns: Number(process.env.HTML_RUNS ?? 200), seed: 29 },
    );
  });

  test("refuses a body beyond the longest that Dataverse stores", async () => {
    await expect(makeHtmlSafe("a".repeat(longestBody + 1))).rejects.toThrow(RangeError);
    expect((await makeHtmlSafe("a".repeat(longestBody))).html).toHaveLength(longestBody);
  });

  test("stops at a depth that programs can show", async () => {
    const { html, removed } = await makeHtmlSafe(
      `${"<div>".repeat(5_000)}x${"</div>".repeat(5_000)}`,
    );
    expect(removed).toEqual(["very deep nesting"]);
    expect(html.match(/<div>/g)).toHaveLength(400);
    expect(html.match(/<\/div>/g)).toHaveLength(400);
    expect((await makeHtmlSafe("<p>x".repeat(5_000))).removed).toEqual([]);
  });
});

describe("the two locks of a tag", () => {
  const attributesOf = (tag: string) => {
    let found = new Map<string, string>();
    const tokens = new HtmlTokens(tag, {
      text: () => undefined,
      open: (_name, attributes) => {
        found = new Map(attributes);
      },
      close: () => undefined,
      comment: () => undefined,
      declaration: () => undefined,
    });
    tokens.read(tag.length);
    return found;
  };
  const hostileTags = [
    ['<a href="javascript:alert(1)">', "a"],
    ['<a href="data:text/html,x">', "a"],
    ['<p onclick="alert(1)">', "p"],
    ['<p style="background:url(https://x.example)">', "p"],
    ['<td background="https://x.example">', "td"],
  ] as const;

  test.each(hostileTags)("our rules alone keep %s out", (tag, name) => {
    const tags = new SafeTags({ mayShowRemotePictures: false });
    const kept = tags.keep(name, attributesOf(tag));
    expect(
      offencesIn(`<${[name, ...kept].join(" ")}>`).filter((each) => !each.startsWith("style")),
    ).toEqual([]);
  });

  test.each(hostileTags)("the library alone keeps %s out", (tag, _name) => {
    expect(offencesIn(filter.process(tag))).toEqual([]);
  });

  test("addresses are judged as browsers read them", () => {
    const links = [
      "https://x",
      "HTTP://x",
      "mailto:a@b.c",
      "/a",
      "#a",
      "./a",
      "?",
      "www.x.example",
      "java\tscript:x",
      "\\\\x",
      "x:y",
    ];
    expect(links.map(judgeLink)).toEqual([
      "keep",
      "keep",
      "keep",
      "keep",
      "keep",
      "keep",
      "leads nowhere",
      "leads nowhere",
      "unsafe",
      "unsafe",
      "unsafe",
    ]);
    expect(
      ["cid:a", "data:image/png;base64,x", "https://x", "x.png", "javascript:x"].map((each) =>
        judgePicture(each, false),
      ),
    ).toEqual(["keep", "embedded", "remote", "remote", "unsafe"]);
    expect(judgePicture("https://x", true)).toBe("keep");
    expect(judgePicture("http://x", true)).toBe("remote");
  });
});
