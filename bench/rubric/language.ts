import { tellLanguage } from "../../shared/intelligence/language-detection";

/** BCP 47 primary tag of a text, where it can be told. */
export const languageOfText = (text: string): string | undefined =>
  tellLanguage(text.replace(/https?:\S+/g, "")).tag;
