import { expect, test } from "@jest/globals";
import { withArticle, withArticleFirst } from "../../../shared/text/english/article";

test.each([
  ["incident", "an incident"],
  ["Account", "an Account"],
  ["email", "an email"],
  ["task", "a task"],
  ["systemuser", "a systemuser"],
  ["user", "a user"],
  ["userquery", "a userquery"],
  ["uniqueidentifier", "a uniqueidentifier"],
  ["unit", "a unit"],
  ["unresolvedaddress", "an unresolvedaddress"],
])("%s takes its article: %s", (word, said) => {
  expect(withArticle(word)).toBe(said);
  expect(withArticleFirst(word)).toBe(`A${said.slice(1)}`);
});
