/**
 * Asks a real model which tool it would call for each request of test/cases/tool-choice.json, with the published tool list.
 * For anyone with a key: TOOL_CHOICE_URL (an OpenAI-compatible base, such as https://contoso.openai.azure.com/openai/v1),
 * TOOL_CHOICE_MODEL and TOOL_CHOICE_KEY. Prints a table of misses and two shares; ends with 1 below 90 % right tools.
 */
import { readFileSync } from "node:fs";

const { TOOL_CHOICE_URL: url, TOOL_CHOICE_MODEL: model, TOOL_CHOICE_KEY: key } = process.env;
if (!url || !model || !key) {
  console.error("Set TOOL_CHOICE_URL, TOOL_CHOICE_MODEL and TOOL_CHOICE_KEY; nothing was asked.");
  process.exit(2);
}
const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const list = read("../../shared/mcp/tool-list.generated.json");
const requests = read("../cases/tool-choice.json");
const published = Array.isArray(list) ? list : list.tools;
const tools = published.map(({ name, description, inputSchema }) => ({
  type: "function",
  function: { name, description, parameters: inputSchema },
}));

/** Free texts may differ; what names a record, a table or a switch must not. */
const free = new Set([
  "querytext",
  "question",
  "resolutionNote",
  "feedback",
  "displayname",
  "item",
]);
const missesOf = (wanted, given) =>
  Object.entries(wanted)
    .filter(([name]) => !free.has(name))
    .filter(
      ([name, value]) =>
        JSON.stringify(given[name])?.toLowerCase() !== JSON.stringify(value).toLowerCase(),
    )
    .map(([name]) => name);

async function ask(request) {
  const response = await fetch(`${url.replace(/\/$/, "")}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}`, "api-key": key },
    body: JSON.stringify({
      model,
      tools,
      tool_choice: "auto",
      messages: [
        {
          role: "system",
          content:
            "You help a customer service representative with the tools given. The user looks at case 1c000000-0000-4000-8000-000000000001 (CAS-01001-H4K7Q2) unless told otherwise.",
        },
        { role: "user", content: request },
      ],
    }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const [call] = (await response.json()).choices[0].message.tool_calls ?? [];
  return call === undefined
    ? { tool: "none", arguments: {} }
    : { tool: call.function.name, arguments: JSON.parse(call.function.arguments) };
}

let right = 0;
let exact = 0;
for (const wanted of requests) {
  const given = await ask(wanted.request);
  const misses = given.tool === wanted.tool ? missesOf(wanted.arguments, given.arguments) : [];
  if (given.tool === wanted.tool) right++;
  if (given.tool === wanted.tool && misses.length === 0) exact++;
  else
    console.log(
      `${wanted.request}\n  wanted ${wanted.tool}, given ${given.tool}${misses.length ? `, other: ${misses.join(", ")}` : ""}`,
    );
}
console.log(
  `right tool ${((100 * right) / requests.length).toFixed(1)} %, with its arguments ${((100 * exact) / requests.length).toFixed(1)} %, of ${requests.length}`,
);
process.exit(right / requests.length >= 0.9 ? 0 : 1);
