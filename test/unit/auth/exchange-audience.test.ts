import { describe, expect, test } from "@jest/globals";
import { clouds } from "../../../infra/check/clouds";
import { exchangeAudience, exchangeScope } from "../../../shared/auth/exchange-audience";

describe("what the identity asks a token for that stands in for a client secret", () => {
  test.each(Object.values(clouds).map((cloud) => [cloud.name, cloud] as const))(
    "is what the registration of %s trusts",
    (_, { issuer, exchange, authentication }) => {
      for (const address of [issuer, authentication.loginEndpoint])
        expect(exchangeAudience(new URL(address).origin)).toBe(exchange);
      expect(exchangeScope(new URL(issuer).origin)).toBe(`${exchange}/.default`);
    },
  );

  test("is the public cloud's for an issuer that is nobody's", () => {
    expect(exchangeAudience("http://127.0.0.1:5000")).toBe("api://AzureADTokenExchange");
  });
});
