import assert from "node:assert/strict";
import { createSteps } from "./emulator-process.mjs";
import { connect } from "./mcp-client.mjs";

/** Each tool calls its list something else. */
export const rowsOf = (data) =>
  Array.isArray(data) ? data : (Object.values(data ?? {}).find(Array.isArray) ?? []);
export const need = (row, name) =>
  row?.[name] ?? assert.fail(`no ${name} in ${JSON.stringify(row)}`);

/** A connected mcp-dataverse and the steps it goes: `call` a tool, `run` one as a step that must hold these words. */
export async function openTools(url) {
  const client = await connect(url);
  const { step, finish } = createSteps("mcp-dataverse");
  /** Calls a tool and returns its data; an error of the tool is an error of the step. */
  const call = async (name, args = {}) => {
    const answer = await client.callTool({ name: `dataverse_${name}`, arguments: args });
    const text = answer.content.map((part) => part.text ?? "").join("\n");
    if (answer.isError) throw new Error(`${name}: ${text}`);
    try {
      const parsed = JSON.parse(text);
      if (parsed.isError || parsed.error) throw new Error(`${name}: ${text}`);
      return parsed.data ?? parsed;
    } catch (error) {
      if (error instanceof SyntaxError) return text;
      throw error;
    }
  };
  const holds = (data, ...words) => {
    const text = JSON.stringify(data);
    for (const word of words)
      assert.ok(text.includes(word), `"${word}" is not in ${text.slice(0, 400)}`);
    return data;
  };
  /** The first GUID under a key that ends like this, anywhere in the answer. */
  const idIn = (data, key) => {
    const found = new RegExp(`"${key}":"([0-9a-f-]{36})"`).exec(JSON.stringify(data));
    assert.ok(found, `no ${key} in ${JSON.stringify(data).slice(0, 300)}`);
    return found[1];
  };
  const run = (name, args, ...words) =>
    step(name, async () => holds(await call(name, args), ...words));
  return { call, holds, idIn, run, step, finish, close: () => client.close() };
}
