import { randomUUID } from "node:crypto";
import type { Trigger } from "./triggers";
import type { Core } from "./worker-core";

/** 32 digits. */
const hex = () => randomUUID().replaceAll("-", "");

/** Runs the function of a trigger once, with the hooks around it, as the worker does. */
export async function invoke(
  core: Core,
  { metadata, callback, bindingName }: Trigger,
  invocationId: string,
  headers: Readonly<Record<string, unknown>>,
  url: URL,
  params: Readonly<Record<string, string>>,
): Promise<void> {
  const json = (value: unknown) => ({ json: JSON.stringify(value) });
  const traceParent = headers.traceparent ?? `00-${hex()}-${hex().slice(16)}-01`;
  const request = {
    invocationId,
    functionId: metadata.name,
    inputData: [{ name: bindingName, data: { http: {} } }],
    traceContext: { traceParent, traceState: "", attributes: {} },
    triggerMetadata: {
      Headers: json(headers),
      Query: json(Object.fromEntries(url.searchParams)),
      ...Object.fromEntries(
        Object.entries(params).map(([name, value]) => [name, { string: value }]),
      ),
    },
  };
  const coreContext = { invocationId, request, metadata, state: "invocation", log: core.log };
  const model = await core.model?.getInvocationModel(coreContext);
  if (model === undefined) throw new Error("The app set no programming model.");
  const { context, inputs } = await model.getArguments();
  const hook = {
    hookData: {},
    appHookData: {},
    invocationContext: context,
    functionCallback: callback,
    inputs,
  };
  await core.run("preInvocation", hook);
  const result = await model.invokeFunction(context, hook.inputs, hook.functionCallback);
  await core.run("postInvocation", { ...hook, result, error: null });
  await model.getResponse(context, result);
}
