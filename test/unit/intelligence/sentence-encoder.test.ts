import { expect, test } from "@jest/globals";
import { loadSentenceEncoder, readModel } from "../../../shared/intelligence/encoder/load-encoder";
import program from "../../../shared/intelligence/encoder/multiply.bin";
import { SentenceEncoder } from "../../../shared/intelligence/encoder/sentence-encoder";
import { meaningsOf } from "../../../shared/intelligence/retrieval/meaning";
import { atOnce } from "../../../shared/intelligence/turns";

const loading = loadSentenceEncoder();
const directionOf = async (text: string) => atOnce((await loading).encode(text));

const dot = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, d) => sum + value * (b[d] as number), 0);

test("says of a sentence what the encoder in full precision says", async () => {
  const direction = await directionOf(
    "Halvren routers: the connection drops every night at about the same time",
  );
  expect(direction).toHaveLength(384);
  expect(dot(direction, direction)).toBeCloseTo(1, 4);
  // The first ten numbers of all-MiniLM-L6-v2 in 32-bit floats.
  const original = [
    -0.0207, -0.021, 0.0448, 0.1105, -0.0156, -0.0578, -0.0539, 0.0008, 0.0255, -0.0507,
  ];
  for (const [d, value] of original.entries())
    expect(Math.abs((direction[d] as number) - value)).toBeLessThan(0.006);
});

test.each([
  ["My tail lamp goes on and off since the thunderstorm", "the rear light flickers after rain"],
  ["You took my money two times", "the last invoice was charged twice"],
  ["Every evening I get kicked out of my match", "the connection drops every night"],
])("brings other words for the same together: %s", async (said, meant) => {
  const [asked, same, other] = await Promise.all(
    [said, meant, "the coffee tastes bitter"].map(directionOf),
  );
  expect(dot(asked as Float32Array, same as Float32Array)).toBeGreaterThan(
    0.1 + dot(asked as Float32Array, other as Float32Array),
  );
});

test("works out two texts at a time as one after the other", async () => {
  const encoder = await loading;
  const texts = ["The brake squeaks", "The parcel was left with a neighbour we do not know"];
  const apart = texts.map((text) => atOnce(encoder.encode(text)));
  const works = texts.map((text) => encoder.encode(text));
  const together: Float32Array[] = [];
  while (together.filter(Boolean).length < texts.length)
    for (const [at, work] of works.entries()) {
      const turn = work.next();
      if (turn.value !== undefined) together[at] = turn.value;
    }
  expect(together.map((each) => Array.from(each))).toEqual(apart.map((each) => Array.from(each)));
});

test.each([
  ["", "nothing"],
  ["!!! ???", "signs"],
  ["x".repeat(100_000), "a word without end"],
  ["word ".repeat(50_000), "words without end"],
  ["漢字 и кириллица 🙂\u0000\u202e", "other scripts"],
])("has a direction for %#: %s", async (text) => {
  const direction = await directionOf(text);
  expect(direction.every(Number.isFinite)).toBe(true);
  expect(dot(direction, direction)).toBeCloseTo(1, 3);
});

test("refuses a file that was cut", async () => {
  await expect(SentenceEncoder.from((await readModel()).subarray(0, -1), program)).rejects.toThrow(
    "The sentence encoder is damaged: its parts do not add up.",
  );
});

const titles = [
  { id: "light", title: "Scooters: the rear light flickers" },
  { id: "short", title: "Short answer: the rear light flickers" },
  { id: "coffee", title: "Coffee machines: the coffee tastes bitter" },
  { id: "parcel", title: "Delivery: the parcel has not arrived" },
];

test("is sure of a title that says what is asked, and of none where another matter is asked", async () => {
  const asked = await meaningsOf("My lamp at the back blinks on and off.", "tail lamp", titles);
  expect(asked?.sureOf("light")).toBeGreaterThan(0.5);
  expect(asked?.sureOf("coffee")).toBeLessThan(0.1);
  const outside = await meaningsOf("Would you accept Bitcoin for an order?", "Bitcoin", titles);
  for (const { id } of titles) expect(outside?.sureOf(id)).toBeLessThan(0.3);
});

test("does not judge what it cannot read", async () => {
  expect(
    await meaningsOf("Das Rücklicht an meinem Roller flackert seit dem Regen.", "", titles),
  ).toBeUndefined();
});
