/**
 * Where the embedded Dataverse is not the real service. It grows only where a recording shows what is not followed, with the
 * reason; a test shows each entry, and fails when one is no longer true.
 */
export const differences = {
  tokens:
    "Tokens come from its own identity endpoint, are signed by a key of the running process, and end with it. Tokens of Microsoft Entra are refused: nobody could check them offline.",
  loopback: "It listens on loopback only, over plain HTTP.",
  limits:
    "Requests are not counted: the service's limits (6,000 in five minutes and the others) answer only when a fault is ordered. Searches are limited to one a second, as in the service.",
  freshSearch: "Dataverse search knows a row at once; the service takes minutes.",
  noMail:
    "SendEmail marks the mail as sent and sends nothing; nothing comes in by itself, but DeliverIncomingEmail can be called.",
  intelligence:
    "The AI actions, the Case Management Agent and next suggestions answer by rule, without a model: the same text gives the same answer.",
  noServiceLevels:
    "Nothing runs by itself: no SLA timer, no record creation rule, no routing. A new case gets no `slakpiinstance`.",
  noCode:
    "Plug-ins, workflows and custom APIs are rows like any other: nothing of them runs, and a custom API cannot be called. What a company's own code refuses is said to the door `plug-ins`.",
  tables:
    "It ships the tables of Customer Service, knowledge and Copilot with all their columns, and heads of those that lookups lead to. Others are created, or imported from a `$metadata` file; until then they are not found.",
  virtualTables:
    "Virtual and elastic tables are stored like all others: case and article suggestions are rows of the sample data, not worked out when read.",
  oneLanguage:
    "Labels are English (1033) only; other languages are taken in a request and not kept.",
  shortNumbers:
    "Money and decimals are written as short as they are. The service writes `1234.5000000000` for the same number, and `1234.5` beside annotations; a reader of JSON sees no difference.",
  namedSets:
    "A global choice is bound to a new column by its name, as the documentation shows; one team noted that the service answers 500 and wants the id.",
  utc: "Formatted times are in UTC for everybody; personal settings of time zone and format are not read.",
  contexts:
    "The context of a table's columns names the table by its id, because a strict reader refuses the logical name that the service writes.",
  publishing:
    "A changed label shows at once; in the service one that is not published yet shows to those alone who ask for what is unpublished.",
  patchedDefinitions:
    "PATCH of a table's definition is taken for PUT, because a client written for the service sends it; the service knows PUT alone.",
  laterActions:
    "Any action runs in the background when `Prefer: respond-async` asks for it; in the service only some of its own and custom APIs do.",
} as const;

export type Difference = keyof typeof differences;
