import { type Fragment, raw, sql, value } from "../fragment";
import type { Query } from "../source";

const teams = (user: string) =>
  sql`SELECT "teamid" FROM "teammembership" WHERE "systemuserid" = ${value(user)}`;

/** The caller and everyone below in the managers' tree. */
const hierarchy = (user: string) =>
  sql`SELECT id FROM (WITH RECURSIVE below(id) AS (SELECT ${value(user)} UNION SELECT u."systemuserid" FROM "systemuser" u JOIN below ON u."parentsystemuserid" = below.id) SELECT id FROM below)`;

/** English: the emulator's users have no other language. */
const LANGUAGE = 1033;

const CONDITIONS: Readonly<Record<string, (column: Fragment, query: Query) => Fragment>> = {
  "eq-userid": (column, { principal }) => sql`${column} = ${value(principal.systemUserId)}`,
  "ne-userid": (column, { principal }) => sql`${column} IS NOT ${value(principal.systemUserId)}`,
  "eq-userteams": (column, { principal }) => sql`${column} IN (${teams(principal.systemUserId)})`,
  "eq-useroruserteams": (column, { principal: { systemUserId: user } }) =>
    sql`(${column} = ${value(user)} OR ${column} IN (${teams(user)}))`,
  "eq-useroruserhierarchy": (column, { principal }) =>
    sql`${column} IN (${hierarchy(principal.systemUserId)})`,
  "eq-useroruserhierarchyandteams": (column, { principal: { systemUserId: user } }) =>
    sql`(${column} IN (${hierarchy(user)}) OR ${column} IN (SELECT m."teamid" FROM "teammembership" m WHERE m."systemuserid" IN (${hierarchy(user)})))`,
  "eq-businessid": (column, { principal }) => sql`${column} = ${value(principal.businessUnitId)}`,
  "ne-businessid": (column, { principal }) =>
    sql`${column} IS NOT ${value(principal.businessUnitId)}`,
  "eq-userlanguage": (column) => sql`${column} = ${raw(String(LANGUAGE))}`,
};

/** Conditions about who is asking; undefined when the operator is none of them. */
export const callerCondition = (
  operator: string,
  column: Fragment,
  query: Query,
): Fragment | undefined => CONDITIONS[operator]?.(column, query);
