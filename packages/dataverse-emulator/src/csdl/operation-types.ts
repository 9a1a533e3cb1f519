import { type Operation, operations } from "../actions";
import { escaped, property, qualified } from "./type-text";

type Signature = Pick<
  Operation,
  "kind" | "parameters" | "returns" | "boundTo" | "alsoBoundTo" | "onCollection"
>;

const targets = { Targets: "Collection(crmbaseentity)!" };

/** Actions and functions outside emulator/actions: those of definitions, and several rows at once. */
const OTHERS: Readonly<Record<string, Signature>> = {
  CreateMultiple: {
    kind: "Action",
    boundTo: "crmbaseentity",
    onCollection: true,
    parameters: targets,
    returns: { Ids: "Collection(Edm.Guid)!" },
  },
  UpdateMultiple: {
    kind: "Action",
    boundTo: "crmbaseentity",
    onCollection: true,
    parameters: targets,
  },
  UpsertMultiple: {
    kind: "Action",
    boundTo: "crmbaseentity",
    onCollection: true,
    parameters: targets,
  },
  CreateCustomerRelationships: {
    kind: "Action",
    parameters: {
      Lookup: "ComplexLookupAttributeMetadata!",
      OneToManyRelationships: "Collection(ComplexOneToManyRelationshipMetadata)!",
      SolutionUniqueName: "Edm.String",
    },
    returns: { RelationshipIds: "Collection(Edm.Guid)!", AttributeId: "Edm.Guid!" },
  },
  CreatePolymorphicLookupAttribute: {
    kind: "Action",
    parameters: {
      Lookup: "ComplexLookupAttributeMetadata!",
      OneToManyRelationships: "Collection(ComplexOneToManyRelationshipMetadata)!",
      SolutionUniqueName: "Edm.String",
    },
    returns: { RelationshipIds: "Collection(Edm.Guid)!", AttributeId: "Edm.Guid!" },
  },
  DeleteOptionValue: {
    kind: "Action",
    parameters: {
      OptionSetName: "Edm.String",
      AttributeLogicalName: "Edm.String",
      EntityLogicalName: "Edm.String",
      Value: "Edm.Int32!",
      SolutionUniqueName: "Edm.String",
    },
  },
  InsertOptionValue: {
    kind: "Action",
    parameters: {
      OptionSetName: "Edm.String",
      AttributeLogicalName: "Edm.String",
      EntityLogicalName: "Edm.String",
      Value: "Edm.Int32",
      Label: "Label",
      Description: "Label",
      SolutionUniqueName: "Edm.String",
      ParentValues: "Collection(Edm.Int32)",
      Color: "Edm.String",
    },
    returns: { NewOptionValue: "Edm.Int32!" },
  },
  InsertStatusValue: {
    kind: "Action",
    parameters: {
      OptionSetName: "Edm.String",
      AttributeLogicalName: "Edm.String",
      EntityLogicalName: "Edm.String",
      Value: "Edm.Int32",
      Label: "Label!",
      Description: "Label",
      StateCode: "Edm.Int32!",
      SolutionUniqueName: "Edm.String",
    },
    returns: { NewOptionValue: "Edm.Int32!" },
  },
  OrderOption: {
    kind: "Action",
    parameters: {
      OptionSetName: "Edm.String",
      AttributeLogicalName: "Edm.String",
      EntityLogicalName: "Edm.String",
      Values: "Collection(Edm.Int32)!",
      SolutionUniqueName: "Edm.String",
    },
  },
  PublishAllXml: { kind: "Action", parameters: {} },
  PublishXml: { kind: "Action", parameters: { ParameterXml: "Edm.String!" } },
  RetrieveDependenciesForDelete: {
    kind: "Function",
    parameters: { ObjectId: "Edm.Guid!", ComponentType: "Edm.Int32!" },
    returns: "Collection(dependency)",
  },
  RetrieveMetadataChanges: {
    kind: "Function",
    parameters: {
      Query: "EntityQueryExpression",
      ClientVersionStamp: "Edm.String",
      DeletedMetadataFilters: "DeletedMetadataFilters",
    },
    returns: {
      ServerVersionStamp: "Edm.String",
      DeletedMetadata: "DeletedMetadataCollection",
      EntityMetadata: "Collection(ComplexEntityMetadata)!",
    },
  },
  UpdateOptionValue: {
    kind: "Action",
    parameters: {
      OptionSetName: "Edm.String",
      AttributeLogicalName: "Edm.String",
      EntityLogicalName: "Edm.String",
      Value: "Edm.Int32!",
      Label: "Label",
      Description: "Label",
      MergeLabels: "Edm.Boolean!",
      SolutionUniqueName: "Edm.String",
      ParentValues: "Collection(Edm.Int32)",
      Color: "Edm.String",
    },
  },
};

const all: Readonly<Record<string, Signature>> = { ...operations, ...OTHERS };

/** `Edm.Guid!` → type and `Nullable="false"`. */
function typed(text: string): string {
  const isRequired = text.endsWith("!");
  const type = escaped(qualified(text.replace(/!$/, "")));
  return `Type="${type}"${isRequired ? ' Nullable="false"' : ""}`;
}

function returnType(name: string, returns: Signature["returns"]): string {
  if (returns === undefined) return "";
  const type = typeof returns === "string" ? returns : `${name}Response!`;
  return `<ReturnType ${typed(type)}/>`;
}

function operationXml(name: string, operation: Signature): string {
  const { kind, boundTo, onCollection } = operation;
  const binding =
    boundTo === undefined
      ? ""
      : `<Parameter Name="entity" Type="${onCollection ? `Collection(mscrm.${boundTo})` : `mscrm.${boundTo}`}" Nullable="false"/>`;
  const parameters = Object.entries(operation.parameters).map(
    ([parameter, type]) => `<Parameter Name="${parameter}" ${typed(type)}/>`,
  );
  const bound = boundTo === undefined ? "" : ' IsBound="true"';
  return `<${kind} Name="${name}"${bound}>${binding}${parameters.join("")}${returnType(name, operation.returns)}</${kind}>`;
}

/** One for each table that it is bound to. */
const overloads = (name: string, operation: Signature): string =>
  [operation.boundTo, ...(operation.alsoBoundTo ?? [])]
    .map((boundTo) =>
      operationXml(name, boundTo === undefined ? operation : { ...operation, boundTo }),
    )
    .join("");

function responseXml(name: string, returns: Signature["returns"]): string {
  if (returns === undefined || typeof returns === "string") return "";
  const properties = Object.entries(returns).map(([key, type]) =>
    property(key, type.replace(/!$/, ""), type.endsWith("!")),
  );
  return `<ComplexType Name="${name}Response">${properties.join("")}</ComplexType>`;
}

/** Actions, functions, and the types of their answers. */
export function operationTypes(): string {
  return Object.entries(all)
    .map(([name, operation]) => overloads(name, operation) + responseXml(name, operation.returns))
    .join("");
}

/** Imports of those that stand alone. */
export function operationImports(): string {
  return Object.entries(all)
    .filter(([, { boundTo }]) => boundTo === undefined)
    .map(([name, { kind, returns }]) => {
      const set = returns === "Collection(dependency)" ? ' EntitySet="dependencies"' : "";
      return `<${kind}Import Name="${name}" ${kind}="mscrm.${name}"${set}/>`;
    })
    .join("");
}
