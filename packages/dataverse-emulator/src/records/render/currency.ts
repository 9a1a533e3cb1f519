import type {
  AttributeDefinition,
  Database,
  EntityDefinition,
  SqlRow,
  SqlValue,
} from "../../model";
import { isStored } from "../../store";

type Columns = Record<string, SqlValue>;

const known = new WeakMap<EntityDefinition, readonly AttributeDefinition[]>();

/** Money columns of a table that are not the base amount of another. */
function amountsOf(entity: EntityDefinition): readonly AttributeDefinition[] {
  let amounts = known.get(entity);
  if (amounts === undefined) {
    amounts = entity.attributes.filter(
      ({ type, logicalName }) => type === "Money" && !logicalName.endsWith("_base"),
    );
    known.set(entity, amounts);
  }
  return amounts;
}

/** The currency of the organization: the one with which it began. */
export const baseCurrencyId = (db: Database): SqlValue =>
  db
    .prepare(
      "SELECT transactioncurrencyid AS id FROM transactioncurrency ORDER BY createdon, transactioncurrencyid LIMIT 1",
    )
    .get()?.id ?? null;

function ownCurrencyId(db: Database, userId: string): SqlValue {
  const user = db
    .prepare("SELECT transactioncurrencyid AS id FROM systemuser WHERE systemuserid = ?")
    .get(userId);
  return user?.id ?? baseCurrencyId(db);
}

function rateOf(db: Database, currencyId: SqlValue): number {
  const row = db
    .prepare("SELECT exchangerate AS rate FROM transactioncurrency WHERE transactioncurrencyid = ?")
    .get(currencyId);
  const rate = Number(row?.rate ?? 1);
  return rate > 0 ? rate : 1;
}

/**
 * Amounts in the base currency: the amount divided by the exchange rate of the row's currency, which is the caller's own
 * unless the row names one. A new currency or amount takes the rate of the moment; a rate that changes later changes no row.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/transaction-currency-currency-entity
 */
export function fillBaseAmounts(
  db: Database,
  entity: EntityDefinition,
  columns: Columns,
  before: SqlRow | undefined,
  userId: string,
): void {
  const currency = entity.attribute("transactioncurrencyid");
  const amounts = amountsOf(entity);
  if (currency?.type !== "Lookup") return;
  const isMoved =
    columns.transactioncurrencyid !== undefined && columns.transactioncurrencyid !== null;
  const isPriced = amounts.some(
    ({ logicalName }) => columns[logicalName] !== undefined && columns[logicalName] !== null,
  );
  const isCleared = amounts.some(({ logicalName }) => columns[logicalName] === null);
  if (!isMoved && !isPriced && !isCleared) return;
  const currencyId =
    columns.transactioncurrencyid ?? before?.transactioncurrencyid ?? ownCurrencyId(db, userId);
  const rate = rateOf(db, currencyId);
  columns.transactioncurrencyid = currencyId;
  if (entity.attribute("exchangerate") !== undefined) columns.exchangerate = rate;
  for (const { logicalName } of amounts) {
    const base = entity.attribute(`${logicalName}_base`);
    const amount = logicalName in columns ? columns[logicalName] : before?.[logicalName];
    if (base === undefined || !isStored(base) || amount === undefined) continue;
    columns[base.logicalName] =
      amount === null ? null : Math.round((Number(amount) / rate) * 10_000) / 10_000;
  }
}
