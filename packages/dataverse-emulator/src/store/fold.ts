const ASCII = /^[\x20-\x7e]*$/;

/** What two texts are compared by: marks and case removed, trailing blanks off (SQL Server's `_CI_AI` collations). */
export function fold(text: string): string {
  const plain = ASCII.test(text) ? text : text.normalize("NFKD").replace(/\p{M}/gu, "");
  return plain.toLowerCase().trimEnd();
}
