import { AppError } from "../../errors";
import { suspicionsOf } from "../../text/suspicions";
import { escalationStep, escalationsOf } from "../escalation";
import { tellLanguage } from "../language-detection";
import { ProviderFailure } from "../provider-failure";
import { read } from "../read-sources";
import type {
  CaseIntelligence,
  ChainOptions,
  FallbackCause,
  FieldPrediction,
  GatePolicy,
  Operation,
  PredictFieldsInput,
  PredictFieldsResult,
  ProviderName,
  SourceText,
  SuggestInput,
  SuggestResult,
  Trace,
} from "../types";
import { Breaker } from "./breaker";
import { cleanPredictInput, cleanSuggestInput, readInput, withoutOrders } from "./clean-input";
import { gatePredictions, gateSuggestions } from "./gate";
import { gateDraft } from "./gate-draft";
import { gateWritten } from "./gate-written";
import { merge } from "./merge";

interface Attempt<T> {
  readonly result: T | undefined;
  readonly provider: ProviderName;
  readonly fellBackFrom: { readonly provider: ProviderName; readonly cause: FallbackCause }[];
}

/**
 * The providers as one: asks them in order, falls back for each operation on its own with the cause in the trace, runs the
 * embedded one beside every language model, and lets nothing out that the gate forbids. Fails only when the caller
 * aborts, or when the case has no option left to predict from.
 */
export function createCaseIntelligence(options: ChainOptions): CaseIntelligence {
  const { embedded, others = [] } = options;
  const policy: GatePolicy = { allowedHosts: [], maxDraftLength: 8000, ...options.gate };
  const now = options.now ?? Date.now;
  const breakers = new Map<ProviderName, Breaker>(
    others.map(({ name }) => [name, new Breaker(now)]),
  );
  const order: readonly ProviderName[] =
    options.order === "auto" ? ["azure-openai"] : options.order;
  // What `embedded` precedes is never asked: it always answers.
  const ahead = order.includes("embedded") ? order.slice(0, order.indexOf("embedded")) : order;

  /** The provider, why it cannot be asked, or nothing when it has no part in this. */
  function availability(
    name: ProviderName,
    operation: Operation,
    deadline: AbortSignal,
  ): CaseIntelligence | FallbackCause | undefined {
    const provider = others.find((one) => one.name === name);
    if (provider === undefined) return options.order === "auto" ? undefined : "not-configured";
    if (!provider.supports(operation)) return undefined;
    if (breakers.get(name)?.isOpen) return "unavailable";
    return deadline.aborted ? "timeout" : provider;
  }

  async function ask<T>(
    operation: Operation,
    signal: AbortSignal,
    call: (provider: CaseIntelligence, signal: AbortSignal) => Promise<T>,
    // A text that gives orders gets no model to give them to: what is told in free words comes from our own code then.
    isSuspected = false,
  ): Promise<Attempt<T>> {
    const fellBackFrom: { provider: ProviderName; cause: FallbackCause }[] = [];
    const deadline = AbortSignal.timeout(options.budgetMs);
    for (const name of ahead) {
      const found = availability(name, operation, deadline);
      if (found === undefined) continue;
      if (isSuspected && typeof found !== "string") {
        fellBackFrom.push({ provider: name, cause: "filtered" });
        continue;
      }
      if (typeof found === "string") {
        fellBackFrom.push({ provider: name, cause: found });
        continue;
      }
      const within = AbortSignal.any([signal, deadline]);
      try {
        const result = await untilAborted(call(found, within), within);
        breakers.get(name)?.succeeded();
        return { result, provider: name, fellBackFrom };
      } catch (error) {
        signal.throwIfAborted();
        breakers.get(name)?.failed();
        fellBackFrom.push({ provider: name, cause: causeOf(error, deadline) });
      }
    }
    return { result: undefined, provider: "embedded", fellBackFrom };
  }

  return {
    name: "embedded",
    supports: (operation, field) =>
      [embedded, ...others].some((one) => one.supports(operation, field)),
    async predictFields(input, signal) {
      await readInput(input);
      const own = await embedded.predictFields(input, signal);
      const { result, provider, fellBackFrom } = await ask("predictFields", signal, (one, within) =>
        askModel(one, input, own, within),
      );
      const suspected = isSuspected(input.sources) || own.trace.injectionSuspected;
      const merged = result === undefined ? own.predictions : mergeAll(own, result, provider);
      const trace =
        result === undefined
          ? own.trace
          : { ...result.trace, ...(own.trace.trainedOn && { trainedOn: own.trace.trainedOn }) };
      return {
        predictions: gatePredictions(merged, input, policy, suspected, own.predictions),
        trace: finished(trace, fellBackFrom, suspected),
      };
    },
    async suggestNextSteps(given, signal) {
      await readInput(given);
      const { input, leftOut } = withoutOrders(given);
      const suspected = isSuspected(input.sources);
      const attempt = await ask(
        "suggestNextSteps",
        signal,
        (one, within) => one.suggestNextSteps(cleanSuggestInput(input), within),
        suspected,
      );
      const words = attempt.result?.steps.flatMap(({ title, detail }) => [title, detail]) ?? [];
      const kept = unlessTurned(attempt, words);
      const said = kept ?? (await embedded.suggestNextSteps(input, signal));
      return {
        ...withEscalation(
          gateSuggestions(said, input, suspected, kept !== undefined),
          input,
          suspected,
        ),
        trace: finished(said.trace, attempt.fellBackFrom, suspected || leftOut.length > 0),
      };
    },
    async draftReply(given, signal) {
      await readInput(given);
      const { input, leftOut } = withoutOrders(given);
      const suspected = isSuspected(input.sources);
      const { written } = input;
      if (written !== undefined) {
        // Somebody has written it already: our own draft gives greeting, end and what there is to know.
        const language = tellLanguage(written).tag;
        const own = await embedded.draftReply({ ...input, language }, signal);
        return {
          ...(await gateWritten(own, { ...input, written }, policy)),
          trace: finished(own.trace, [], suspected || leftOut.length > 0),
        };
      }
      const attempt = await ask(
        "draftReply",
        signal,
        (one, within) => one.draftReply(cleanSuggestInput(input), within),
        suspected,
      );
      const { subject = "", text = "" } = attempt.result ?? {};
      const kept = unlessTurned(attempt, [subject, text]);
      const said = kept ?? (await embedded.draftReply(input, signal));
      return {
        ...(await gateDraft(said, input, policy)),
        trace: finished(said.trace, attempt.fellBackFrom, suspected || leftOut.length > 0),
      };
    },
  };
}

/** What must go higher is told by the customer's words, whoever answered; a text that gives orders does not get it. */
function withEscalation(
  result: SuggestResult,
  input: SuggestInput,
  suspected: boolean,
): SuggestResult {
  const escalations = suspected ? [] : escalationsOf(read(input.sources).sources);
  const own = escalationStep(escalations);
  if (own === undefined) return { ...result, escalations };
  const others = result.steps.filter(({ kind }) => kind !== "escalate");
  return { ...result, escalations, steps: [own, ...others].slice(0, input.max ?? 5) };
}

/** A model is asked only for fields with options that are still open: numbers and references are read by rule. */
function askModel(
  provider: CaseIntelligence,
  input: PredictFieldsInput,
  own: PredictFieldsResult,
  signal: AbortSignal,
): Promise<PredictFieldsResult> {
  const open = new Set(
    own.predictions
      .filter(({ reason }) => reason !== "off" && reason !== "human-set")
      .map(({ field }) => field),
  );
  const fields = input.fields.filter(
    (field) => open.has(field.logicalName) && provider.supports("predictFields", field),
  );
  if (fields.length === 0)
    throw new ProviderFailure("not-configured", "The provider supports none of the fields.");
  return provider.predictFields(
    cleanPredictInput({ ...input, fields, embedded: own.predictions }),
    signal,
  );
}

function mergeAll(
  own: PredictFieldsResult,
  model: PredictFieldsResult,
  provider: ProviderName,
): readonly FieldPrediction[] {
  return own.predictions.map((said) => {
    const other = model.predictions.find(({ field }) => field === said.field);
    if (other === undefined) return said;
    const merged = merge(said, other);
    // Dataverse's own actions give no confidence: their word is shown, never more.
    if (provider !== "dataverse-ai" || merged.reason === "agree" || merged === said) return merged;
    return { ...merged, decision: merged.decision === "abstain" ? "abstain" : "recommend" };
  });
}

/**
 * The answer of a model, unless its words give orders to a machine: then a text has turned it, and nothing else that it says is
 * worth keeping either.
 */
function unlessTurned<T>({ result, provider, fellBackFrom }: Attempt<T>, words: readonly string[]) {
  // The gate takes images out whatever they are; words that command are another matter.
  const said = words.join("\n").replace(/!\[[^[\]]*\]\((?:[^()]|\([^()]*\))*\)/g, "");
  if (result === undefined || suspicionsOf(said).length === 0) return result;
  fellBackFrom.push({ provider, cause: "filtered" });
  return undefined;
}

const isSuspected = (sources: readonly SourceText[]) => read(sources).suspected;

function finished(
  trace: Trace,
  fellBackFrom: NonNullable<Trace["fellBackFrom"]>,
  suspected: boolean,
): Trace {
  return {
    ...trace,
    ...(fellBackFrom.length > 0 && { fellBackFrom }),
    injectionSuspected: trace.injectionSuspected || suspected,
  };
}

/** Ends the wait when the time is up, even for a provider that ignores its signal. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () =>
      reject(new ProviderFailure("timeout", "The provider did not answer in time."));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function causeOf(error: unknown, deadline: AbortSignal): FallbackCause {
  if (deadline.aborted) return "timeout";
  if (error instanceof ProviderFailure) return error.reason;
  if (error instanceof AppError) {
    if (error.kind === "throttled" || error.kind === "timeout") return error.kind;
  }
  return "unavailable";
}
