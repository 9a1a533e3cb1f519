const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
/** Names as code, but never the braces of a JSON example, which a page may cut anywhere. */
export const code = (text: string) => (text === "" ? "" : `\`${text}\``);

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
