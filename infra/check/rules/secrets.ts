import { at, ofType, type Rule, textsWithin } from "./rule";

const secretText: readonly (readonly [RegExp, string])[] = [
  [/AccountKey=|SharedAccessKey=|SharedAccessSignature=/i, "a storage or bus key"],
  [/[?&]sig=[\w%]{16,}/, "a signed address"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/InstrumentationKey=[0-9a-f-]{36}/i, "an instrumentation key"],
  [/\blist\w*\(/, "a key that is read at deployment (list…())"],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\./, "a token"],
  [/^[A-Za-z0-9+/]{43}=$|^[A-Za-z0-9+/]{86}==$/, "something that looks like a key"],
  [/^[A-Za-z0-9~._-]{3}\dQ~[A-Za-z0-9~._-]{31,}$/, "an Entra client secret"],
];
const secretName = /(password|secret|accesskey|connectionstring|apikey|token)$/i;
const harmless = new Set([
  // Names the component; sending takes an Entra token beside it.
  "properties.APPLICATIONINSIGHTS_CONNECTION_STRING",
]);

/** Credentials that a registration may carry; ours proves itself by a federated credential. */
const credentials = ["passwordCredentials", "keyCredentials"];

export const secrets: Rule = {
  name: "no secret anywhere",
  check(deployment) {
    const all = [
      ...deployment.resources.map(({ type, name, body }) => [`${type} ${name}`, body] as const),
      ["outputs", deployment.outputs] as const,
    ];
    return [
      ...all.flatMap(([where, body]) =>
        [...textsWithin(body)].flatMap(([path, text]) => [
          ...secretText
            .filter(([pattern]) => pattern.test(text))
            .map(([, what]) => `${where}: ${path} holds ${what}.`),
          ...(secretName.test(path.replaceAll("_", "")) &&
          !harmless.has(path) &&
          !path.endsWith("clientSecretSettingName")
            ? [`${where}: ${path} is named like a secret.`]
            : []),
        ]),
      ),
      ...[...textsWithin(deployment.outputs)]
        .filter(([, text]) => /\.ConnectionString›|\.(primary|secondary)\w*Key/i.test(text))
        .map(
          ([path]) =>
            `The output ${path} would write a connection string into the azd environment.`,
        ),
      ...ofType(deployment, "Microsoft.Graph/applications").flatMap(({ name, body }) =>
        credentials
          .filter((kind) => at(body, `properties.${kind}`) !== undefined)
          .map((kind) => `The registration ${name} has ${kind}.`),
      ),
    ];
  },
};
