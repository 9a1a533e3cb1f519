import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, resolve } from "node:path";

export const root = resolve(__dirname, "../../..");

export interface Fence {
  readonly language: string;
  readonly lines: readonly string[];
}

export interface Page {
  /** From the root, with slashes. */
  readonly path: string;
  /** Prose and tables, without fenced code. */
  readonly prose: string;
  readonly fences: readonly Fence[];
  /** Anchors as GitHub makes them of headings. */
  readonly anchors: ReadonlySet<string>;
}

/** GitHub's anchor of a heading: lower case, blanks as hyphens, nothing but letters, digits, hyphens and underscores. */
export const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

export function readPage(path: string, text: string): Page {
  const prose: string[] = [];
  const fences: Fence[] = [];
  let open: { language: string; lines: string[]; indent: number } | undefined;
  for (const line of text.replaceAll("\r\n", "\n").split("\n")) {
    const [, indent = "", language = ""] = /^(\s*)```(\w*)/.exec(line) ?? [];
    if (!/^\s*```/.test(line)) {
      if (open) open.lines.push(line.slice(open.indent));
      else prose.push(line);
    } else if (open) {
      fences.push(open);
      open = undefined;
    } else open = { language, lines: [], indent: indent.length };
  }
  if (open) throw new Error(`${path}: a code fence is not closed.`);
  const headings = prose.flatMap((line) => /^#{1,6} (.+)$/.exec(line)?.[1] ?? []);
  return { path, prose: prose.join("\n"), fences, anchors: new Set(headings.map(anchorOf)) };
}

const markdown = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`);

export const pages: readonly Page[] = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "DECISIONS.md",
  "packages/dataverse-emulator/README.md",
  ...markdown("docs"),
].map((path) => readPage(path, readFileSync(join(root, path), "utf8")));

/** Links of a page that lead within the project: file and anchor, either may be empty. */
export const localLinks = ({ path, prose }: Page) =>
  [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = "", anchor = ""] = target.split("#");
      const whole = file === "" ? path : normalize(join(dirname(path), file)).replaceAll("\\", "/");
      return { target, file: whole, anchor };
    });

export const remoteLinks = ({ prose }: Page): string[] =>
  [...prose.matchAll(/\]\(([a-z]+:[^)\s]+)\)/g)].map(([, target = ""]) => target);

/** What stands between backticks in the prose. */
export const codeOf = ({ prose }: Page): string[] =>
  [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text = ""]) => text);

/** Whole commands: the lines of shell fences, joined where a backslash says so, without comments. */
export const commandsOf = ({ fences }: Page): string[] =>
  fences
    .filter(({ language }) => ["sh", "bash", "shell"].includes(language))
    .flatMap(({ lines }) => lines.join("\n").replaceAll("\\\n", " ").split("\n"))
    .map((line) => line.replace(/\s+#\s.*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"));

/** Source files below a folder, without what was installed there. */
export const filesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesOf(path);
    return /\.m?[jt]s$/.test(path) ? [path] : [];
  });
