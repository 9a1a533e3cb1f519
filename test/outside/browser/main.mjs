// npm run browser: people at a real browser answer what the endpoint asks, in light and dark, on a telephone, by keyboard, in four
// languages; and others try to make the page take for a yes what none is. What they saw is left in out/browser.
import { mcpClients } from "../../support/mcp-clients.ts";
import { startServiceDesk } from "../../support/service-desk.ts";
import { startProduct, temporaryFolder } from "../../support/start.ts";
import { createSteps } from "../emulator-process.mjs";
import { playLaptop } from "./laptop.mjs";
import { launchBrowser, pictures } from "./person.mjs";
import { playStrangers } from "./strangers.mjs";

const browser = await launchBrowser();
if (browser === undefined) {
  console.error(
    "There is no Chromium here. Run: apt-get install chromium (or name one by CHROMIUM)",
  );
  process.exit(2);
}
const { step, finish } = createSteps("browser");
try {
  await onLaptop();
  await atDesk();
} finally {
  await browser.close();
}
console.log(`Pictures: ${pictures}`);
process.exit(finish() ? 0 : 1);

async function onLaptop() {
  const folder = temporaryFolder();
  const product = await startProduct(["--cases", "300", "--data", folder.path], {
    MCP_PERSONA: "administrator",
  });
  try {
    const eras = mcpClients.filter(([name]) => /older revisions|pinned/.test(name));
    const clients = await Promise.all(
      eras.map(async ([, protocol, connect]) => ({
        protocol,
        client: await connect(product.endpoint),
      })),
    );
    await playLaptop({ browser, clients, step });
    for (const { client } of clients) await client.close();
  } finally {
    await product.interrupt();
    folder.remove();
  }
}

async function atDesk() {
  const clock = { ahead: 0 };
  const desk = await startServiceDesk({
    cases: 30,
    approvalsNow: () => Date.now() + clock.ahead,
  });
  try {
    await playStrangers({ browser, desk, clock, step });
  } finally {
    await desk.close();
  }
}
