import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openDatabase } from "../packages/dataverse-emulator/src/store";
import { answerUsage } from "../packages/dataverse-emulator/src/usage";

/**
 * The yardstick: `node:http` and SQLite with nothing between them, on the same file. No definitions, rights, annotations
 * or parsing, so it is what this machine can do at all.
 */
export async function serveBare(file: string): Promise<void> {
  const db = await openDatabase(file);
  db.exec(
    "CREATE TABLE IF NOT EXISTS __bare (id TEXT PRIMARY KEY, title TEXT, description TEXT, customerid TEXT, prioritycode INTEGER)",
  );
  const brief = "incidentid, ticketnumber, title, statecode, prioritycode, createdon";
  const one = db.prepare("SELECT * FROM incident WHERE incidentid = ?");
  const top = db.prepare(
    `SELECT ${brief} FROM incident WHERE statecode = 0 AND prioritycode = 1 ORDER BY createdon DESC LIMIT 50`,
  );
  const insert = db.prepare("INSERT INTO __bare VALUES (?, ?, ?, ?, ?)");
  const months = db.prepare(
    "SELECT substr(createdon, 1, 7) AS month, count(*) AS n FROM incident GROUP BY 1",
  );
  const page = db.prepare(`SELECT ${brief} FROM incident ORDER BY incidentid LIMIT 5000`);
  const work: Readonly<Record<string, (key: string, body: string) => unknown>> = {
    one: (key) => one.get(key),
    top: () => ({ value: top.all() }),
    months: () => ({ value: months.all() }),
    page: () => ({ value: page.all() }),
    insert: (_key, body) => {
      const row = JSON.parse(body) as Record<string, string | number>;
      const id = randomUUID();
      insert.run(id, row.title ?? "", row.description ?? "", "", row.prioritycode ?? 2);
      return { id };
    },
  };
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.once("end", () => {
      const [, name = "", key = ""] = (incoming.url ?? "").split("/");
      const answer = work[name]?.(key, Buffer.concat(chunks).toString("utf8"));
      const text = JSON.stringify(answer ?? null);
      outgoing.writeHead(answer === undefined ? 404 : 200, {
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(text),
      });
      outgoing.end(text);
    });
  });
  answerUsage();
  process.once("SIGTERM", () => {
    server.close();
    server.closeAllConnections();
    db.exec("DROP TABLE IF EXISTS __bare");
    db.close();
    process.exit(0);
  });
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.send?.({ kind: "ready", url: `http://127.0.0.1:${port}` });
  });
}
