import { type Exchange, type FaultProxy, type Passing, startFaultProxy } from "./fault-proxy";
import { type ServiceDesk, startServiceDesk } from "./service-desk";

/** The whole product, with a proxy between it and its Dataverse. */
export interface ProxiedDesk extends ServiceDesk {
  readonly proxy: FaultProxy;
  /** What becomes of the next request of that name; all others pass, unless `thenDead`. */
  strike(name: RegExp, act: (exchange: Exchange) => Promise<void>, more?: StrikeOptions): void;
  /** All is well again, and what went on behind answers is done. */
  heal(): Promise<void>;
}

export interface StrikeOptions {
  /** From then on no request gets an answer. */
  readonly thenDead?: boolean;
  /** How many requests of that name are struck; one unless told. */
  readonly times?: number;
}

export async function startProxiedDesk(
  cases: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<ProxiedDesk> {
  let proxy: FaultProxy | undefined;
  const desk = await startServiceDesk({
    cases,
    settings,
    timeoutMs: ({ timeoutMs = 45_000 }) => timeoutMs,
    front: async (emulatorUrl) => {
      const own = await startFaultProxy(emulatorUrl);
      proxy = own;
      return {
        get url() {
          return own.url;
        },
        identity: async () => false,
        close: () => own.close(),
      };
    },
  });
  if (proxy === undefined) throw new TypeError("The desk started without its front.");
  const front = proxy;
  return Object.assign(desk, {
    proxy: front,
    strike(
      name: RegExp,
      act: (exchange: Exchange) => Promise<void>,
      { thenDead = false, times = 1 }: StrikeOptions = {},
    ) {
      let left = times;
      front.strike = ({ name: asked }: Passing) => {
        if (left > 0 && name.test(asked)) {
          left--;
          return act;
        }
        if (left === times || !thenDead) return undefined;
        return async ({ cut }) => cut();
      };
    },
    async heal() {
      front.strike = undefined;
      await front.settled();
    },
  });
}

/** Carried out, and the answer is lost. */
export const lost = async (exchange: Exchange): Promise<void> => {
  await exchange.reach();
  exchange.cut();
};

/** The connection is cut, and nothing is carried out. */
export const cutBefore = async ({ cut }: Exchange): Promise<void> => cut();

/** The connection is cut, and Dataverse carries it out so much later. */
export const late =
  (ms: number) =>
  async ({ cut, later, reach }: Exchange): Promise<void> => {
    cut();
    later(() => new Promise((done) => setTimeout(done, ms)).then(reach));
  };

/** Something else happens first, and the answer is then lost, or given. */
export const behind =
  (before: () => Promise<unknown>, act: (exchange: Exchange) => Promise<void>) =>
  async (exchange: Exchange): Promise<void> => {
    await before();
    await act(exchange);
  };

/** As if nothing were the matter. */
export const pass = async (exchange: Exchange): Promise<void> =>
  exchange.give(await exchange.reach());
