import type { LanguageOfDrafts } from "./phrases";

export const spanish: LanguageOfDrafts = {
  marks: new Set(
    "el la los y es no mi con yo nosotros usted para una por desde gracias hola en que".split(" "),
  ),
  phrases: {
    greeting: (name) => `Hola ${name}:`,
    thanks: "Gracias por su mensaje.",
    solution: (title) => `Nuestro artículo «${title}» indica:`,
    more: "Puede leer el artículo completo aquí:",
    ask: "Para poder ayudarle necesitamos algunos datos:",
    unable: "Estamos revisando su caso y le responderemos.",
    askIfNot: "Si no le ayuda, indíquenos por favor:",
    afterSolution: "Díganos, por favor, si esto lo resuelve.",
    afterQuestions: "Puede responder directamente a este mensaje.",
    close: "Un saludo",
    name: "[nombre del cliente]",
    signature: "[su nombre]",
    translate: "[traducir las frases citadas]",
  },
};
