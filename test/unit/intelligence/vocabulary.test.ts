import { describe, expect, test } from "@jest/globals";
import { Ranker } from "../../../shared/intelligence/retrieval/ranker";
import { conceptsOf } from "../../../shared/intelligence/vocabulary/concepts";
import concepts from "../../../shared/intelligence/vocabulary/concepts.json";

const articles = [
  ["brake", "Scooters: the brake squeaks loudly", "Replace the pads."],
  ["leak", "Coffee machines: water runs out under the machine", "Push the tray in level."],
  ["twice", "Billing: the last invoice was charged twice", "We refund the second payment."],
  ["cold", "Heating: the radiator stays cold", "Press the pin of the valve in and out."],
  ["wireless", "Routers: the wireless network is slow in one room", "Add a mesh point."],
].map(([id = "", title = "", text = ""]) => ({ id, title, text }));

describe("the support vocabulary", () => {
  test.each([
    ["brake", "Die Bremse quietscht"],
    ["brake", "Le frein grince"],
    ["brake", "Los frenos chirrían"],
    ["brake", "I freni fischiano"],
    ["brake", "De remmen piepen"],
    ["brake", "Os travões chiam"],
    ["brake", "Hamulec piszczy"],
    ["brake", "ブレーキがきしむ"],
    ["leak", "Pfütze unter der Kaffeemaschine"],
    ["leak", "il y a une flaque sous la machine"],
    ["twice", "Me han cobrado dos veces"],
    ["twice", "同じ請求書が二重に引き落とされた"],
    ["cold", "Il termosifone è gelido"],
    ["cold", "Grzejnik jest zimny"],
    ["wireless", "traag wifi in een kamer"],
    ["leak", "There is a puddle below it"],
  ])("finds the article on %s by: %s", (id, question) => {
    expect(new Ranker(articles).rank(question).hits[0]?.id).toBe(id);
  });

  test("does not take a question about something else for one of its own", () => {
    const { answerable } = new Ranker(articles).rank("Who won the football match yesterday?");
    expect(answerable).toBeLessThan(0.3);
  });

  test("knows a part of a German compound, and a phrase only as a whole", () => {
    expect(conceptsOf("Netzwerkdrucker", "de")).toContain("printer");
    expect(conceptsOf("dos veces", "es")).toContain("twice");
    expect(conceptsOf("dos", "es")).not.toContain("twice");
  });

  test("has words for every concept in every language", () => {
    const empty = Object.entries(concepts).flatMap(([concept, words]) =>
      Object.entries(words)
        .filter(([, list]) => list.trim() === "")
        .map(([language]) => `${concept} ${language}`),
    );
    expect(empty).toEqual([]);
  });
});
