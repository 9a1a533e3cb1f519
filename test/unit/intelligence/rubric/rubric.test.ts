import { describe, expect, test } from "@jest/globals";
import { checks, failures } from "../../../../bench/rubric/checks";
import { good } from "./drafts";
import { seeds } from "./seeds";

/** Of twenty drafts, ten of them bad, a check may take so many for what they are not. */
const mostErrors = 1;

describe("the rubric of drafts", () => {
  test("has thirty checks, each with seeded drafts", () => {
    expect(checks).toHaveLength(30);
    expect(checks.map(({ name }) => name).sort()).toEqual(Object.keys(seeds).sort());
    expect(good).toHaveLength(10);
  });

  test.each(good.map((one) => [one.name, one] as const))(
    "finds nothing wrong in the reply to %s",
    (_, one) => {
      expect(failures(one)).toEqual([]);
    },
  );

  test.each(checks.map((each) => [each.name, each] as const))(
    "tells ten bad from ten good drafts: %s",
    (name, check) => {
      const { bad, good: onOccasion = (one) => one } = seeds[name]!;
      const wrong = good.flatMap((one, at) => {
        const [right, spoilt] = [onOccasion(one, at), bad(one, at)];
        return [
          ...(check.holds(right)
            ? []
            : [`good, taken for bad:\n${right.customer}\n${right.draft}`]),
          ...(check.holds(spoilt)
            ? [`bad, taken for good:\n${spoilt.customer}\n${spoilt.draft}`]
            : []),
        ];
      });
      expect(wrong.slice(mostErrors)).toEqual([]);
    },
  );
});
