import type { ColumnType } from "../../dataverse";
import { label } from "./label";

export interface Choice {
  readonly label: string;
  readonly value: number;
}

/** What a type word makes. `body` is beyond SchemaName, DisplayName and RequiredLevel. */
interface Kind {
  readonly type: ColumnType;
  /** FormatName or Format, where it tells one word from another of the same type. */
  readonly format?: string;
  readonly body: (choices: readonly Choice[]) => Readonly<Record<string, unknown>>;
}

const typed = (name: string) => ({
  "@odata.type": `Microsoft.Dynamics.CRM.${name}AttributeMetadata`,
});

const text = (format: string, length: number): Kind => ({
  type: "String",
  format,
  body: () => ({ ...typed("String"), MaxLength: length, FormatName: { Value: format } }),
});
const memo = (format: string, length: number): Kind => ({
  type: "Memo",
  format,
  body: () => ({
    ...typed("Memo"),
    MaxLength: length,
    FormatName: { Value: format },
    ImeMode: "Auto",
  }),
});
const whole = (format: string, least: number): Kind => ({
  type: "Integer",
  format,
  body: () => ({
    ...typed("Integer"),
    Format: format,
    MinValue: least,
    MaxValue: 2_147_483_647,
  }),
});
const fraction = (type: "Decimal" | "Double"): Kind => ({
  type,
  body: () => ({
    ...typed(type),
    MinValue: -100_000_000_000,
    MaxValue: 100_000_000_000,
    Precision: 2,
  }),
});
const option = ({ label: text, value }: Choice) => ({
  "@odata.type": "Microsoft.Dynamics.CRM.OptionMetadata",
  Value: value,
  Label: label(text),
});
const choice = (type: "Picklist" | "MultiSelectPicklist"): Kind => ({
  type,
  body: (choices) => ({
    ...typed(type),
    OptionSet: {
      "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
      IsGlobal: false,
      OptionSetType: "Picklist",
      Options: choices.map(option),
    },
  }),
});
/** Made by a relationship, not by a column body. */
const relation = (type: "Lookup" | "Customer"): Kind => ({ type, body: () => ({}) });

/**
 * The 23 type words of create_table and update_table.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-column-definitions-using-web-api
 */
export const columnKinds: Readonly<Record<string, Kind>> = {
  string: text("Text", 200),
  "text area": text("TextArea", 2000),
  email: text("Email", 100),
  phone: text("Phone", 100),
  url: text("Url", 200),
  "ticker symbol": text("TickerSymbol", 10),
  "multiline text": memo("TextArea", 10_000),
  "rich text": memo("RichText", 100_000),
  integer: whole("None", -2_147_483_648),
  duration: whole("Duration", 0),
  "time zone": whole("TimeZone", -1500),
  language: whole("Language", 0),
  decimal: fraction("Decimal"),
  double: fraction("Double"),
  money: {
    type: "Money",
    body: () => ({
      ...typed("Money"),
      PrecisionSource: 2,
      Precision: 2,
      MinValue: -922_337_203_685_477,
      MaxValue: 922_337_203_685_477,
    }),
  },
  boolean: {
    type: "Boolean",
    body: () => ({
      ...typed("Boolean"),
      DefaultValue: false,
      OptionSet: {
        "@odata.type": "Microsoft.Dynamics.CRM.BooleanOptionSetMetadata",
        IsGlobal: false,
        TrueOption: { Value: 1, Label: label("Yes") },
        FalseOption: { Value: 0, Label: label("No") },
      },
    }),
  },
  datetime: {
    type: "DateTime",
    body: () => ({
      ...typed("DateTime"),
      Format: "DateAndTime",
      DateTimeBehavior: { Value: "UserLocal" },
    }),
  },
  choice: choice("Picklist"),
  multiselect: choice("MultiSelectPicklist"),
  file: { type: "File", body: () => ({ ...typed("File"), MaxSizeInKB: 32_768 }) },
  image: {
    type: "Image",
    body: () => ({ ...typed("Image"), CanStoreFullImage: true, MaxSizeInKB: 10_240 }),
  },
  lookup: relation("Lookup"),
  customer: relation("Customer"),
};
