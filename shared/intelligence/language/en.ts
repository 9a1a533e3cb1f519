import type { LanguageOfDrafts } from "./phrases";

export const english: LanguageOfDrafts = {
  marks: new Set(
    "the and is not my with for this have it you please was can we are has when our".split(" "),
  ),
  phrases: {
    greeting: (name) => `Hello ${name},`,
    thanks: "Thank you for your message.",
    solution: (title) => `Our article "${title}" says:`,
    more: "You can read the whole article here:",
    ask: "To help you further we need a few details:",
    unable: "We are looking into this and will come back to you.",
    askIfNot: "If it does not help, please tell us:",
    afterSolution: "Please let us know whether this solves it.",
    afterQuestions: "You can simply reply to this message.",
    close: "Kind regards",
    name: "[customer name]",
    signature: "[your name]",
    translate: "[translate the quoted sentences]",
  },
};
