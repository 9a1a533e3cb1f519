import { existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
export const root = resolve(here, "../../..");
/** Pictures of what a person saw, for a look by eye. */
export const pictures = join(root, "out", "browser");

/** Debian's name and those of other places; CHROMIUM says another. */
const places = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** A real browser, which reaches nothing but this machine. Undefined where there is none. */
export async function launchBrowser() {
  const executablePath = places.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined) return undefined;
  const { chromium } = await import("playwright-core");
  mkdirSync(pictures, { recursive: true });
  return chromium.launch({
    executablePath,
    args: [
      // As root, in a container, there is no sandbox to be had; the pages are our own.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-dev-shm-usage",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ],
  });
}

const desktop = { width: 1_000, height: 800 };
/** The narrowest telephone in use. */
export const telephone = { width: 320, height: 640 };

/**
 * Somebody at a browser of their own, without anybody's cookies.
 *
 * @param options of a context of Playwright: locale, colorScheme, viewport
 */
export async function sitDown(browser, options = {}) {
  const context = await browser.newContext({ viewport: desktop, locale: "en-GB", ...options });
  const page = await context.newPage();
  const complaints = [];
  // That a page is answered by a status that says no is no fault of the page.
  page.on("console", (message) => {
    if (!/^Failed to load resource: the server responded/.test(message.text()))
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.setDefaultTimeout(30_000);
  const heading = () => page.locator("h2").first().textContent();
  return {
    context,
    page,
    /** What the browser itself complained about: blocked styles, scripts, requests. */
    complaints,
    heading,
    /** All that the page says, by lines as they are seen. */
    words: async () => (await page.locator("main").allInnerTexts()).join("\n"),
    /** Follows a link of the chat, and signs in as whoever the laptop's stand-in knows. */
    async open(link, picture) {
      await page.goto(link);
      const further = page.getByRole("link", { name: /^Continue as/ });
      if ((await further.count()) === 0) return;
      if (picture !== undefined) await shoot(page, picture);
      await further.click();
    },
    /** The button by its place, as its words differ by language: No comes first. */
    no: () => page.getByRole("button").nth(0),
    yes: () => page.getByRole("button").nth(1),
    async press(answer) {
      await page.locator(`button[value=${answer}]`).click();
      return heading();
    },
    /** The hidden fields of the form. */
    fields: () =>
      page
        .locator("form input[type=hidden]")
        .evaluateAll((all) => Object.fromEntries(all.map(({ name, value }) => [name, value]))),
    shoot: (name) => shoot(page, name),
    close: () => context.close(),
  };
}

const shoot = (page, name) =>
  page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
