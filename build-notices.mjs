// What of others is inside the deployed package, told from what esbuild put into the bundles, not from what is installed:
// the licence texts of every package (THIRD-PARTY-NOTICES.txt) and a bill of materials in CycloneDX (sbom.cdx.json).
// Both are the same to the byte for the same sources: no serial number, no time.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const json = (file) => JSON.parse(readFileSync(file, "utf8"));

/** One graph of all bundles, as esbuild describes a build. Files that tree-shaking emptied are no part of it. */
function merge(metafiles) {
  return {
    inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)),
    outputs: Object.assign({}, ...metafiles.map(({ outputs }) => outputs)),
  };
}

/** Files whose code stands in an output, by their path from the root. */
const bundledFiles = (metafiles) =>
  Object.values(merge(metafiles).outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [file] : [],
    ),
  );

/** The folder of the npm package that a file belongs to; undefined for our own. */
function packageFolderOf(file) {
  const [, folder] =
    /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll("\\", "/")) ?? [];
  return folder;
}

/**
 * Every package inside, in the order of names and versions.
 *
 * @throws Error where a package says no licence, or has no text of it: nothing is deployed then
 */
function readPackages(metafiles) {
  const folders = new Set(bundledFiles(metafiles).flatMap((file) => packageFolderOf(file) ?? []));
  return [...folders]
    .map((folder) => {
      const { name, version, license } = json(join(root, folder, "package.json"));
      const texts = licenceTexts(join(root, folder));
      if (typeof license !== "string" || texts.length === 0)
        throw new Error(
          `${folder} is bundled, and ${typeof license === "string" ? "has no file with its licence" : "its package.json names no licence"}. Nothing may be deployed without: choose another package, or add its text in build-notices.mjs with its source.`,
        );
      return { name, version, license, texts };
    })
    .sort((left, right) => order(`${left.name}@${left.version}`, `${right.name}@${right.version}`));
}

const order = (left, right) => (left < right ? -1 : left > right ? 1 : 0);

function licenceTexts(folder) {
  return readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying|notice|third.?party.?notices?)([.-].*)?$/i.test(name))
    .sort(order)
    .map((name) => readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n").trim());
}

/** What is no npm package has its notice beside itself, in a file NOTICE.md. */
function readOwnNotices(metafiles) {
  const folders = new Set(
    bundledFiles(metafiles)
      .filter((file) => packageFolderOf(file) === undefined)
      .map((file) => dirname(file)),
  );
  return [...folders]
    .sort(order)
    .map((folder) => join(root, folder, "NOTICE.md"))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, "utf8").replaceAll("\r\n", "\n").trim());
}

/** @param {string} file THIRD-PARTY-NOTICES.txt */
export function writeNotices(metafiles, file) {
  const rule = "=".repeat(100);
  const byText = new Map();
  for (const { name, version, license, texts } of readPackages(metafiles)) {
    const text = texts.join("\n\n");
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const parts = [
    "What of others is inside this package, with their licences.",
    ...readOwnNotices(metafiles),
    ...[...byText].map(([text, names]) => `${[...new Set(names)].join("\n")}\n\n${text}`),
  ];
  writeFileSync(file, `${parts.join(`\n\n${rule}\n\n`)}\n`);
}

/** @param {string} file sbom.cdx.json */
export function writeBillOfMaterials(metafiles, file) {
  const metafile = join(root, "out", "package.meta.json");
  writeFileSync(metafile, JSON.stringify(merge(metafiles)));
  const tool = join(root, "node_modules", "@cyclonedx", "cyclonedx-esbuild");
  const program = join(tool, json(join(tool, "package.json")).bin["cyclonedx-esbuild"]);
  const options = ["--output-reproducible", "--no-validate", "--output-file", file];
  execFileSync(process.execPath, [program, ...options, metafile], { cwd: root, stdio: "pipe" });
  const bill = json(file);
  const packages = readPackages(metafiles);
  // Some packages have a second package.json beside their modules, with a name and without a licence; the tool takes that.
  for (const component of bill.components.filter(({ licenses }) => licenses === undefined)) {
    const name = [component.group, component.name].filter(Boolean).join("/");
    const found = packages.find((each) => each.name === name && each.version === component.version);
    if (found === undefined) throw new Error(`Nobody says the licence of ${name}.`);
    component.licenses = [{ expression: found.license }];
  }
  writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
}
