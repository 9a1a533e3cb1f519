import { describe, expect, test } from "@jest/globals";
import { escalationsOf } from "../../../shared/intelligence/escalation";

const of = (...texts: string[]) =>
  escalationsOf(texts.map((text, at) => ({ ref: { table: "email", id: String(at) }, text })));
const kinds = (...texts: string[]) => of(...texts).map(({ kind }) => kind);

describe("escalations", () => {
  test.each([
    ["My charger gave off smoke and sparks.", "danger"],
    ["Aus dem Ladegerät kam Rauch.", "danger"],
    ["De la fumée sort du chargeur.", "danger"],
    ["Salió humo del cargador.", "danger"],
    ["È uscito fumo dal caricabatterie.", "danger"],
    ["Er kwam rook uit de lader.", "danger"],
    ["Saiu fumo do carregador.", "danger"],
    ["Z ładowarki poszedł dym.", "danger"],
    ["充電器から煙が出ました。", "danger"],
    ["I fell and broke my wrist.", "injury"],
    ["Ich bin verletzt worden.", "injury"],
    ["Our solicitor will contact you.", "law"],
    ["Mein Anwalt meldet sich.", "law"],
    ["Nous irons en justice.", "law"],
    ["I work for a newspaper.", "press"],
    ["I will write to the Evening Post.", "press"],
    ["Next week I take this to the Yorkshire Herald.", "press"],
    ["The BBC will like this story.", "press"],
    ["Dann schreibe ich an das Hamburger Abendblatt.", "press"],
    ["Je vais contacter Le Parisien.", "press"],
    ["Ne parlerò al telegiornale.", "press"],
    ["Ik bel de Telegraaf.", "press"],
    ["The battery exploded in the hall.", "danger"],
    ["Der Akku ist explodiert.", "danger"],
    ["La batería explotó.", "danger"],
    ["Ich weiß nicht, wie der Akku explodiert ist.", "danger"],
    ["Comme la batterie a explosé hier, je vous écris.", "danger"],
    ["I felt it explode under my feet.", "danger"],
    ["Bateria wybuchła.", "danger"],
    ["バッテリーが爆発しました。", "danger"],
    ["Delete all my personal data.", "data-protection"],
    ["Je demande la suppression au titre du RGPD.", "data-protection"],
    ["Twenty colleagues cannot work.", "many-stopped"],
    ["Zwölf Mitarbeiter können seit gestern nicht arbeiten.", "many-stopped"],
    ["This is the fourth time I write to you.", "repeated-complaint"],
    ["Your colleague promised to call me.", "broken-promise"],
    ["We are looking for another supplier.", "leaving"],
    ["Sonst suchen wir uns einen anderen Lieferanten.", "leaving"],
    ["I want my money back!", "money-back"],
    ["Ich verlange mein Geld zurück.", "money-back"],
    ["Let me speak to your manager.", "manager"],
  ])("are seen in: %s", (text, kind) => {
    expect(kinds(text)).toContain(kind);
  });

  test.each([
    "Nobody was hurt and there was no smoke, it simply does not switch on.",
    "Es gab keinen Rauch, sie geht nur nicht an.",
    "けがはありません。電源が入りません。",
    "The fire alarm is on the same circuit as the router.",
    "A firewall rule vanished with the update.",
    "Press the button for five seconds.",
    "We bought another brand of beans, it still tastes burnt.",
    "The router rebooted for the third time in an hour.",
    "D'ailleurs, le voyant est rouge.",
    "Die Lampe brennt, aber er lädt nicht.",
    "It grinds so loudly that I thought something had exploded.",
    "The noise is like an explosion, every time it starts.",
    "Das klingt, als ob etwas explodiert.",
    "On dirait, comme si quelque chose avait explosé.",
    "Pensé que había explotado algo, así suena el molinillo.",
    "Sembra come se fosse esploso qualcosa quando macina.",
    "Het klinkt alsof er iets ontploft.",
    "Hałas, jakby coś wybuchło.",
    "爆発したような音がします。",
    "Your prices have exploded this year.",
    "Please send it with the evening post.",
    "We gave the parcel to the courier this morning.",
    "We get a daily mail with the counter of drinks.",
    "Das Paket liegt bei der Post.",
    "The parcel was left elsewhere.",
    "When do I get the refund for my return?",
  ])("are not seen in: %s", (text) => {
    expect(kinds(text)).toEqual([]);
  });

  test("name the gravest first, each kind once, with the words that say it", () => {
    const found = of(
      "I want my money back. There was smoke, and I burned my hand.",
      "Smoke again! I demand a refund.",
    );
    expect(found.map(({ kind }) => kind)).toEqual(["danger", "injury", "money-back"]);
    expect(found[0]?.evidence).toMatchObject({
      ref: { table: "email", id: "0" },
      kind: "source-span",
      quote: "smoke",
      span: [32, 37],
    });
  });

  test("do not reach over the end of a clause", () => {
    expect(kinds("We want to see it. Money back is nothing we ask for.")).toEqual([]);
  });

  test("are read in time that grows with the text", () => {
    const time = (length: number) => {
      const text = "third ".repeat(length / 6);
      const started = process.cpuUsage();
      for (let round = 0; round < 5; round++) of(text);
      const { user, system } = process.cpuUsage(started);
      return user + system;
    };
    time(3_000);
    expect(time(30_000)).toBeLessThan(30 * time(3_000) + 50_000);
  });
});
