export { type ToldLanguage, tellLanguage } from "./tell-language";
