import { describe, expect, test } from "@jest/globals";
import type { PublishedTool } from "../../../shared/mcp/surface";
import { buildSurface } from "../../../shared/mcp/surface";
import { rankHits } from "../../../shared/service/knowledge/rank-hits";
import { tools } from "../../../shared/tools";
import requests from "../../cases/tool-choice.json";

/**
 * What people ask for, and the call that a good agent makes. Here words alone are compared, which is a floor: a tool that
 * not even its words lead to will not be found by a model either. `test/outside/tool-choice.mjs` asks a real model.
 */
const surface = buildSurface(tools);
// A handle on the words of a tool as an agent sees them.
const words = (tool: PublishedTool) => ({
  title: `${tool.name.replaceAll("_", " ")} ${tool.title}`,
  text: `${tool.description} ${JSON.stringify(tool.inputSchema)}`,
  name: tool.name,
});
const placeOf = (request: string, tool: string) =>
  rankHits(request, surface.map(words)).findIndex(({ hit }) => hit.name === tool);

const registered = new Set(tools.map((tool) => tool.name));
const cases = requests.filter((each) => registered.has(each.tool));

describe("the choice of a tool", () => {
  test("is asked for by sixty requests and more, at least three for each tool", () => {
    expect(requests.length).toBeGreaterThanOrEqual(60);
    const counts = Object.fromEntries(
      tools.map((tool) => [tool.name, cases.filter((each) => each.tool === tool.name).length]),
    );
    expect(Object.entries(counts).filter(([, count]) => count < 3)).toEqual([]);
  });

  test.each(cases)("$request → $tool takes these arguments", ({ tool, arguments: args }) => {
    const found = tools.find((each) => each.name === tool);
    expect(found?.input.safeParse(args).error?.issues ?? []).toEqual([]);
  });

  test("is led to by the words alone: the first three hold the right one for nine of ten, a shuffle for far fewer", () => {
    const places = cases.map((each) => placeOf(each.request, each.tool));
    const inThree = places.filter((place) => place < 3).length / places.length;
    const first = places.filter((place) => place === 0).length / places.length;
    const missed = cases.filter((_, at) => (places[at] ?? 0) >= 3).map((each) => each.request);
    expect([inThree >= 0.9, missed]).toEqual([true, missed]);
    expect(first).toBeGreaterThanOrEqual(0.65);
    const shuffled = cases.map((each, at) =>
      placeOf(each.request, cases[(at + 29) % cases.length]?.tool ?? ""),
    );
    expect(shuffled.filter((place) => place < 3).length / places.length).toBeLessThan(0.5);
  });
});
