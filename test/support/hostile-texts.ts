const repeated = (part: string) => (length: number) =>
  part.repeat(Math.ceil(length / part.length)).slice(0, length);

/** Texts that make a careless reader work, by what they are made of; each of any length. */
export const hostileShapes: Readonly<Record<string, (length: number) => string>> = {
  "a payee that can be cut in many ways": (length) =>
    `DE44${"A".repeat(12)} ${"A".repeat(Math.max(0, length - 18))}a`,
  payees: repeated(`DE44${"A".repeat(12)} ${"A".repeat(40)}a `),
  "one letter": repeated("a"),
  "digits with dashes": repeated("1-"),
  "tags that never end": repeated("<a "),
  "open tags": repeated("<div>"),
  "comments that never end": repeated("<!--"),
  brackets: repeated("![]("),
  blanks: (length) => `${" ".repeat(Math.max(0, length - 1))}a`,
  "empty lines": repeated("\n"),
  accents: repeated("é"),
  addresses: repeated("a@a."),
  "quoted lines": repeated("> a\n"),
  "words that announce": repeated("order-serial-invoice-error-"),
  "words that order": repeated("ignore all note to call with "),
  "short sentences": repeated("A. "),
  "words that all differ": (length) => {
    let text = "";
    for (let n = 0; text.length < length; n++) text += `w${n.toString(36)}x `;
    return text.slice(0, length);
  },
  "one word of Chinese": repeated("中"),
};

/** What a customer writes, as long as asked. */
export const ordinaryText = repeated(
  "Hello, the scooter stopped charging on Monday and the light stays red. I tried another socket and the reset that your article names. What can I do now?\n",
);
