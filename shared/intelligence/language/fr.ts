import type { LanguageOfDrafts } from "./phrases";

export const french: LanguageOfDrafts = {
  marks: new Set(
    "le la les et est pas mon avec je nous vous pour une des depuis merci bonjour ne dans".split(
      " ",
    ),
  ),
  phrases: {
    greeting: (name) => `Bonjour ${name},`,
    thanks: "Merci de votre message.",
    solution: (title) => `Notre article « ${title} » indique :`,
    more: "Vous trouverez l'article complet ici :",
    ask: "Pour vous aider, il nous faut encore quelques précisions :",
    unable: "Nous examinons votre demande et revenons vers vous.",
    askIfNot: "Si cela n'aide pas, merci de nous indiquer :",
    afterSolution: "Merci de nous dire si cela résout le problème.",
    afterQuestions: "Il suffit de répondre à ce message.",
    close: "Cordialement",
    name: "[nom du client]",
    signature: "[votre nom]",
    translate: "[traduire les phrases citées]",
  },
};
