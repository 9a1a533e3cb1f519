import { metadataIdOf } from "../ids";

export type Json = Record<string, unknown>;

/** English (United States), the only language installed. */
export const LANGUAGE = 1033;

/** A Label with its one localized text; an empty text gives the empty label that Dataverse sends. */
export function labelOf(text: string, owner: string, isManaged = true): Json {
  if (text === "") return { LocalizedLabels: [], UserLocalizedLabel: null };
  const localized = {
    Label: text,
    LanguageCode: LANGUAGE,
    IsManaged: isManaged,
    MetadataId: metadataIdOf("label", owner, text),
    HasChanged: null,
  };
  return { LocalizedLabels: [localized], UserLocalizedLabel: { ...localized } };
}

/** A managed property: a value and whether it may be changed. */
export function managed(value: unknown, name: string, canBeChanged = true): Json {
  return { Value: value, CanBeChanged: canBeChanged, ManagedPropertyLogicalName: name };
}
