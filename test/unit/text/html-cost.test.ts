import { beforeAll, describe, expect, test } from "@jest/globals";
import { costsOfHtml, type HtmlCost } from "../../html-cost/cost";
import { hostileShapes } from "../../support/hostile-html";

describe("what a text of the longest kind costs", () => {
  let costs: readonly HtmlCost[];
  beforeAll(async () => {
    costs = await costsOfHtml();
  });

  test.each(Object.keys(hostileShapes))("of %s", (shape) => {
    const cost = costs.find((each) => each.shape === shape);
    // 50 ms at a time are promised; twice as much is allowed where it is made safe, for the compiler and the collector of garbage
    // work on the same clock.
    const isWithin = cost !== undefined && cost.safe < 1_000 && cost.held < 100 && cost.read < 50;
    expect([isWithin, cost]).toEqual([true, cost]);
  });
});
