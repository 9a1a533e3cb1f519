import { countTokens } from "gpt-tokenizer/encoding/o200k_base";

/** What a text costs a model, in tokens of the encoding of OpenAI's later models (o200k); other vendors' differ by some per cent. */
export const tokensOf = (text: string): number => countTokens(text);
