import { AppError } from "../../errors";

/**
 * What the first of two tries gives that gives anything. The second begins when the first ends by a fault, or has given nothing
 * after a while; a refusal of the service ends both.
 *
 * @throws what the last try threw
 */
export function secondTry<T>(
  work: (signal: AbortSignal) => Promise<T>,
  afterMs: number,
): Promise<T> {
  const controller = new AbortController();
  const isRefusal = (error: unknown) =>
    !(error instanceof AppError) || error.request?.lastTry === "refused";
  return new Promise((resolve, reject) => {
    let underWay = 0;
    let isSecondMade = false;
    const settle = (end: () => void) => {
      clearTimeout(timer);
      isSecondMade = true;
      end();
      // The other one is of no use any more.
      controller.abort(new AppError("cancelled", "The other try was answered."));
    };
    const begin = () => {
      underWay++;
      work(controller.signal).then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => {
          underWay--;
          if (isRefusal(error)) settle(() => reject(error));
          else if (!isSecondMade) second();
          else if (underWay === 0) settle(() => reject(error));
        },
      );
    };
    const second = () => {
      clearTimeout(timer);
      isSecondMade = true;
      begin();
    };
    const timer = setTimeout(second, afterMs).unref();
    begin();
  });
}
