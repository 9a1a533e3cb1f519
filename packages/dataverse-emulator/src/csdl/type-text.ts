/** XML text of an attribute value or an element's content. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** `Label` → `mscrm.Label`, `Collection(Label)` → `Collection(mscrm.Label)`; Edm types as they are. */
export function qualified(type: string): string {
  const inner = /^Collection\((.*)\)$/.exec(type)?.[1];
  if (inner !== undefined) return `Collection(${qualified(inner)})`;
  return type.startsWith("Edm.") ? type : `mscrm.${type}`;
}

/** One property; decimals of any scale, as Dataverse has them. */
export function property(name: string, type: string, isRequired = false): string {
  const scale = type === "Edm.Decimal" ? ' Scale="Variable"' : "";
  const unicode = type === "Edm.String" ? ' Unicode="false"' : "";
  const required = isRequired ? ' Nullable="false"' : "";
  return `<Property Name="${escaped(name)}" Type="${escaped(qualified(type))}"${required}${scale}${unicode}/>`;
}

interface TypeText {
  name: string;
  base: string | undefined;
  lines: string[];
}

function readType(text: string): TypeText {
  const [head = "", ...lines] = text.split("\n");
  const [name = "", base] = head.split(" : ");
  return { name, base, lines: lines.filter((line) => line !== "") };
}

function bodyOf(lines: readonly string[]): string {
  return lines
    .map((line) => {
      const [first = "", second = "", third = ""] = line.split(" ");
      if (first !== ">") return property(first, second, second.startsWith("Collection("));
      const contained = third.startsWith("Collection(") ? ' ContainsTarget="true"' : "";
      return `<NavigationProperty Name="${second}" Type="${qualified(third)}"${contained}/>`;
    })
    .join("");
}

/** An entity type of definitions; the root has the key that all have. */
export function entityType(text: string): string {
  const { name, base, lines } = readType(text);
  if (base === undefined) {
    return `<EntityType Name="${name}" BaseType="mscrm.crmmodelbaseentity" Abstract="true"><Key><PropertyRef Name="MetadataId"/></Key>${bodyOf(lines)}</EntityType>`;
  }
  return `<EntityType Name="${name}" BaseType="mscrm.${base}">${bodyOf(lines)}</EntityType>`;
}

export function complexType(text: string): string {
  const { name, base, lines } = readType(text);
  const from = base === undefined ? "" : ` BaseType="mscrm.${base}"`;
  return `<ComplexType Name="${name}"${from}>${bodyOf(lines)}</ComplexType>`;
}

/** Members with several bits make a set of flags. */
export function enumType(name: string, text: string): string {
  const members = text.split(" ").map((word, place) => {
    const [member = "", value = String(place)] = word.split("=");
    return { member, value };
  });
  const flags = text.includes("=") ? ' IsFlags="true"' : "";
  const inner = members
    .map(({ member, value }) => `<Member Name="${member}" Value="${value}"/>`)
    .join("");
  return `<EnumType Name="${name}"${flags}>${inner}</EnumType>`;
}

/** Name that a type's text begins with. */
export const nameOf = (text: string): string => readType(text).name;
