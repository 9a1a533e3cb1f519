import { nearest } from "../../nearest";
import type { Token } from "../lexer";
import type { TokenStream } from "../token-stream";

/** What stands behind USE HINT. https://learn.microsoft.com/sql/t-sql/queries/hints-transact-sql-query#use_hint */
const names: ReadonlySet<string> = new Set(
  `ABORT_QUERY_EXECUTION ASSUME_FIXED_MAX_SELECTIVITY_FOR_REGEXP ASSUME_FIXED_MIN_SELECTIVITY_FOR_REGEXP
  ASSUME_FULL_INDEPENDENCE_FOR_FILTER_ESTIMATES ASSUME_JOIN_PREDICATE_DEPENDS_ON_FILTERS
  ASSUME_MIN_SELECTIVITY_FOR_FILTER_ESTIMATES ASSUME_PARTIAL_CORRELATION_FOR_FILTER_ESTIMATES
  DISABLE_BATCH_MODE_ADAPTIVE_JOINS DISABLE_BATCH_MODE_MEMORY_GRANT_FEEDBACK DISABLE_DEFERRED_COMPILATION_TV
  DISABLE_INTERLEAVED_EXECUTION_TVF DISABLE_OPTIMIZED_NESTED_LOOP DISABLE_OPTIMIZER_ROWGOAL DISABLE_PARAMETER_SNIFFING
  DISABLE_RESULT_SET_CACHE DISABLE_ROW_MODE_MEMORY_GRANT_FEEDBACK DISABLE_TSQL_SCALAR_UDF_INLINING DISALLOW_BATCH_MODE
  ENABLE_HIST_AMENDMENT_FOR_ASC_KEYS ENABLE_PARALLEL_PLAN_PREFERENCE ENABLE_QUERY_OPTIMIZER_HOTFIXES
  FORCE_DEFAULT_CARDINALITY_ESTIMATION FORCE_LEGACY_CARDINALITY_ESTIMATION QUERY_PLAN_PROFILE`.split(
    /\s+/,
  ),
);

/** What SQL 4 CDS adds for queries of Dataverse, whose statements people have at hand. */
const ofDataverse: ReadonlySet<string> = new Set(
  `BYPASS_CUSTOM_PLUGIN_EXECUTION CONTINUE_ON_ERROR DEBUG_BYPASS_OPTIMIZATION DISABLE_STATE_TRANSITIONS FORCE_SQL4CDS
  FORCE_SQL_4_CDS IGNORE_DUP_KEY RETRIEVE_TOTAL_RECORD_COUNT USE_LEGACY_UPDATE_MESSAGES`.split(
    /\s+/,
  ),
);

const numbered =
  /^(?:QUERY_OPTIMIZER_COMPATIBILITY_LEVEL|FETCHXML_PAGE_SIZE|BATCH_SIZE)_[0-9]{1,9}$/;

/** `('name', 'name', …)` behind USE HINT. */
export function parseUseHints(tokens: TokenStream): void {
  tokens.expect("(");
  do checkName(tokens, tokens.literal("string", "the name of a hint in quotes"));
  while (tokens.accept(","));
  tokens.expect(")");
}

function checkName(tokens: TokenStream, token: Token): void {
  const name = token.value.toUpperCase();
  if (names.has(name) || ofDataverse.has(name) || numbered.test(name)) return;
  const [near] = nearest(name, [...names, ...ofDataverse], 1);
  const hint = near ? `Did you mean '${near}'?` : "Hints have no effect here: leave OPTION away.";
  throw tokens.unsupported(`The hint '${token.value}' (SQL Server error 10715)`, token, hint);
}
