import { SaxesParser, type SaxesTagPlain } from "saxes";

/** A property or navigation property of a type in the file. */
export interface CsdlProperty {
  name: string;
  type: string;
  isCollection: boolean;
  partner: string | undefined;
  /** Navigation: the property that holds the id, from its ReferentialConstraint. */
  dependent: string | undefined;
  referenced: string | undefined;
  isComputed: boolean;
}

export interface CsdlType {
  name: string;
  base: string | undefined;
  isAbstract: boolean;
  key: string[];
  properties: CsdlProperty[];
  navigation: CsdlProperty[];
}

export interface CsdlFile {
  types: Map<string, CsdlType>;
  /** Type name by set name. */
  sets: Map<string, string>;
}

/** What is wrong with a file, and where. */
export class MetadataFileError extends Error {
  constructor(message: string, line?: number) {
    super(line === undefined ? message : `${message} (line ${line})`);
    this.name = "MetadataFileError";
  }
}

const EDMX = "http://docs.oasis-open.org/odata/ns/edmx";
const EDM = "http://docs.oasis-open.org/odata/ns/edm";
const MAX_DEPTH = 64;
const MAX_TYPES = 20_000;
const MAX_PROPERTIES = 5_000;
const NAME = /^[A-Za-z_][\w.-]{0,127}$/;

/** `Collection(mscrm.account)` → account, and that it is a collection; Edm types keep their namespace. */
function typeOf(text: string, own: ReadonlySet<string>): { type: string; isCollection: boolean } {
  const inner = /^Collection\((.*)\)$/.exec(text)?.[1];
  const type = inner ?? text;
  const dot = type.lastIndexOf(".");
  const namespace = dot < 0 ? "" : type.slice(0, dot);
  return {
    type: own.has(namespace) ? type.slice(dot + 1) : type,
    isCollection: inner !== undefined,
  };
}

/** Builds the types of a file as its elements come by; everything that is not a type, a property or a set is passed over. */
class CsdlReader {
  readonly file: CsdlFile = { types: new Map(), sets: new Map() };
  readonly #parser = new SaxesParser({ position: true });
  readonly #path: string[] = [];
  readonly #namespaces = new Set<string>();
  #type: CsdlType | undefined;
  #property: CsdlProperty | undefined;

  constructor() {
    const refuse = (what: string) => () => {
      throw new MetadataFileError(`${what} is not allowed in a metadata file`, this.#parser.line);
    };
    this.#parser.on("error", (error) => {
      throw new MetadataFileError(`Not well-formed XML: ${error.message}`);
    });
    this.#parser.on("doctype", refuse("A document type"));
    this.#parser.on("processinginstruction", refuse("A processing instruction"));
    this.#parser.on("opentag", (tag) => this.#open(tag as SaxesTagPlain));
    this.#parser.on("closetag", () => this.#close());
  }

  read(text: string): CsdlFile {
    this.#parser.write(text.replace(/^\uFEFF/, "")).close();
    if (this.file.types.size === 0) {
      throw new MetadataFileError("The file has no entity type: it is not a `$metadata` document");
    }
    return this.file;
  }

  #fail(message: string): MetadataFileError {
    return new MetadataFileError(message, this.#parser.line);
  }

  #open(tag: SaxesTagPlain): void {
    const name = tag.name.replace(/^\w+:/, "");
    const attributes = tag.attributes;
    this.#path.push(name);
    if (this.#path.length > MAX_DEPTH) {
      throw this.#fail(`Elements are nested deeper than ${MAX_DEPTH}`);
    }
    if (this.#path.length === 1) this.#root(name, attributes);
    else if (name === "Schema") this.#schema(attributes);
    else if (name === "EntityType") this.#entityType(attributes);
    else if (name === "EntitySet") this.#entitySet(attributes);
    else if (this.#type !== undefined) this.#insideType(this.#type, name, attributes);
  }

  #root(name: string, attributes: Record<string, string>): void {
    const spaces = Object.entries(attributes).filter(([key]) => key.startsWith("xmlns"));
    if (name !== "Edmx" || !spaces.some(([, value]) => value === EDMX)) {
      throw this.#fail(
        "The root must be edmx:Edmx of OData version 4: save what GET $metadata gives",
      );
    }
    if (!/^4\.\d+$/.test(attributes.Version ?? "")) {
      throw this.#fail(`Edmx version '${attributes.Version ?? ""}' is not 4.0`);
    }
  }

  #schema(attributes: Record<string, string>): void {
    if (attributes.xmlns !== undefined && attributes.xmlns !== EDM) {
      throw this.#fail(`The schema's namespace '${attributes.xmlns}' is not that of OData 4`);
    }
    for (const name of [attributes.Namespace, attributes.Alias]) {
      if (name !== undefined) this.#namespaces.add(name);
    }
  }

  #named(attributes: Record<string, string>, what: string): string {
    const name = attributes.Name;
    if (name !== undefined && NAME.test(name)) return name;
    throw this.#fail(`${what} has ${name === undefined ? "no name" : "a name that is none"}`);
  }

  #entityType(attributes: Record<string, string>): void {
    const name = this.#named(attributes, "An entity type");
    if (this.file.types.has(name)) throw this.#fail(`The type '${name}' occurs twice`);
    if (this.file.types.size >= MAX_TYPES)
      throw this.#fail(`There are more than ${MAX_TYPES} types`);
    const base = attributes.BaseType;
    this.#type = {
      name,
      base: base === undefined ? undefined : typeOf(base, this.#namespaces).type,
      isAbstract: attributes.Abstract === "true",
      key: [],
      properties: [],
      navigation: [],
    };
    this.file.types.set(name, this.#type);
  }

  #entitySet(attributes: Record<string, string>): void {
    const name = this.#named(attributes, "An entity set");
    if (this.file.sets.has(name)) throw this.#fail(`The set '${name}' occurs twice`);
    this.file.sets.set(name, typeOf(attributes.EntityType ?? "", this.#namespaces).type);
  }

  #insideType(type: CsdlType, name: string, attributes: Record<string, string>): void {
    if (name === "PropertyRef") type.key.push(this.#named(attributes, "A key of a type"));
    else if (name === "Property" || name === "NavigationProperty") {
      const known = name === "Property" ? type.properties : type.navigation;
      if (known.length >= MAX_PROPERTIES) {
        throw this.#fail(`'${type.name}' has more than ${MAX_PROPERTIES} properties`);
      }
      this.#property = {
        name: this.#named(attributes, `A property of '${type.name}'`),
        ...typeOf(attributes.Type ?? "", this.#namespaces),
        partner: attributes.Partner,
        dependent: undefined,
        referenced: undefined,
        isComputed: false,
      };
      known.push(this.#property);
    } else if (this.#property !== undefined && name === "ReferentialConstraint") {
      this.#property.dependent = attributes.Property;
      this.#property.referenced = attributes.ReferencedProperty;
    } else if (
      this.#property !== undefined &&
      attributes.Term === "Org.OData.Core.V1.Computed" &&
      attributes.Bool !== "false"
    ) {
      this.#property.isComputed = true;
    }
  }

  #close(): void {
    const name = this.#path.pop();
    if (name === "EntityType") this.#type = undefined;
    if (name === "Property" || name === "NavigationProperty") this.#property = undefined;
  }
}

/** Reads a `$metadata` document strictly. Throws MetadataFileError in words, with the line. */
export const readCsdl = (text: string): CsdlFile => new CsdlReader().read(text);
