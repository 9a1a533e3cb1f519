import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { fold, foldLetters } from "../../../packages/dataverse-emulator/src/store/fold";
import {
  collate,
  foldText,
  withoutTrailingBlanks,
} from "../../../shared/sql/types/collation/collation";

const letters = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."ßẞæÆœŒþÞäÉsSeEaAoO \t\n1ſﬁŁđ"),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
  ),
  maxLength: 12,
});

test("the query engine and the embedded Dataverse take the same texts for equal", () => {
  fc.assert(
    fc.property(letters, (text) => {
      expect(fold(text)).toBe(collate(text));
      expect(foldLetters(text)).toBe(withoutTrailingBlanks(foldText(text)));
    }),
    { numRuns: 2000, seed: 13 },
  );
});
