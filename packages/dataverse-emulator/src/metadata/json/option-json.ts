import type { AttributeDefinition, OptionDefinition, OptionSetDefinition } from "../../model";
import { metadataIdOf } from "../ids";
import { type Json, labelOf } from "./labels";

function optionJson(owner: string, option: OptionDefinition, isManaged: boolean): Json {
  return {
    Value: option.value,
    Color: option.color ?? null,
    IsManaged: isManaged,
    ExternalValue: option.externalValue ?? null,
    Tag: null,
    IsHidden: false,
    ParentValues: [],
    MetadataId: null,
    HasChanged: null,
    Label: labelOf(option.label, `${owner}/${option.value}`, isManaged),
    Description: labelOf(
      option.description ?? "",
      `${owner}/${option.value}/description`,
      isManaged,
    ),
  };
}

/** The status reason that a row gets when it moves to the state: the first of that state. */
function defaultStatus(status: AttributeDefinition | undefined, state: number): number | null {
  return status?.options?.find((option) => option.state === state)?.value ?? null;
}

function optionsJson(
  owner: string,
  attribute: AttributeDefinition,
  status: AttributeDefinition | undefined,
): Json[] {
  return (attribute.options ?? []).map((option) => {
    const json = optionJson(owner, option, !attribute.isCustom);
    if (attribute.type === "Status") {
      return {
        "@odata.type": "#Microsoft.Dynamics.CRM.StatusOptionMetadata",
        ...json,
        State: option.state ?? 0,
        TransitionData: null,
      };
    }
    if (attribute.type === "State") {
      return {
        "@odata.type": "#Microsoft.Dynamics.CRM.StateOptionMetadata",
        ...json,
        DefaultStatus: defaultStatus(status, option.value),
        InvariantName: option.label.replaceAll(" ", ""),
      };
    }
    return json;
  });
}

/** Sets that are not named after their column; two are shared with social activities and profiles. */
const SET_NAMES: Readonly<Record<string, string>> = {
  "incident.activitiescomplete": "incident_activities_complete",
  "incident.blockedprofile": "socialprofile_isblocked",
  "incident.checkemail": "incident_check_email",
  "incident.followuptaskcreated": "incident_followup_task_created",
  "incident.messagetypecode": "socialactivity_postmessagetype",
  "incident.msdyn_copilotengaged": "msdyn_incident_msdyn_copilotengaged",
};

function setHead(table: string, attribute: AttributeDefinition, type: string): Json {
  const { logicalName } = attribute;
  const name = SET_NAMES[`${table}.${logicalName}`] ?? `${table}_${logicalName}`;
  return {
    MetadataId: metadataIdOf("optionset", name),
    HasChanged: null,
    Name: name,
    IsGlobal: false,
    IsCustomOptionSet: attribute.isCustom,
    IsManaged: !attribute.isCustom,
    IsCustomizable: {
      Value: true,
      CanBeChanged: false,
      ManagedPropertyLogicalName: "iscustomizable",
    },
    ExternalTypeName: null,
    IntroducedVersion: null,
    OptionSetType: type,
    ParentOptionSetName: null,
    DisplayName: labelOf(attribute.displayName, name),
    Description: labelOf("", name),
  };
}

/** OptionSetMetadata of a shared choice. */
export function globalOptionSetJson(set: OptionSetDefinition): Json {
  const owner = `optionset/${set.name}`;
  return {
    "@odata.type": "#Microsoft.Dynamics.CRM.OptionSetMetadata",
    MetadataId: set.metadataId,
    HasChanged: null,
    Name: set.name,
    IsGlobal: true,
    IsCustomOptionSet: set.isCustom,
    IsManaged: !set.isCustom,
    IsCustomizable: {
      Value: true,
      CanBeChanged: set.isCustom,
      ManagedPropertyLogicalName: "iscustomizable",
    },
    ExternalTypeName: null,
    IntroducedVersion: set.isCustom ? "1.0.0.0" : "5.0.0.0",
    OptionSetType: "Picklist",
    ParentOptionSetName: null,
    DisplayName: labelOf(set.displayName, owner, !set.isCustom),
    Description: labelOf(set.description, `${owner}/description`, !set.isCustom),
    Options: set.options.map((option) => optionJson(owner, option, !set.isCustom)),
  };
}

/** OptionSetMetadata of a choice, or BooleanOptionSetMetadata with `TrueOption` and `FalseOption`. */
export function optionSetJson(
  table: string,
  attribute: AttributeDefinition,
  status: AttributeDefinition | undefined,
): Json {
  const owner = `${table}/${attribute.logicalName}`;
  if (attribute.type === "Boolean") {
    const labelled = (value: number, fallback: string) =>
      attribute.options?.find((option) => option.value === value) ?? { value, label: fallback };
    return {
      ...setHead(table, attribute, "Boolean"),
      TrueOption: optionJson(owner, labelled(1, "Yes"), !attribute.isCustom),
      FalseOption: optionJson(owner, labelled(0, "No"), !attribute.isCustom),
    };
  }
  const type =
    attribute.type === "State" || attribute.type === "Status" ? attribute.type : "Picklist";
  const { globalOptionSet: name } = attribute;
  if (name !== undefined) {
    const { displayName, isCustom, options = [] } = attribute;
    const metadataId = metadataIdOf("optionset", name);
    const set = { name, metadataId, displayName, description: "", isCustom, options };
    const { "@odata.type": _type, ...json } = globalOptionSetJson(set);
    return json;
  }
  return { ...setHead(table, attribute, type), Options: optionsJson(owner, attribute, status) };
}
