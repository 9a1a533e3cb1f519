// A thread of its own that asks `/health` again and again: what it measures holds nothing of what the tests do meanwhile.
import { parentPort, workerData } from "node:worker_threads";

let slowest = 0;
let isOver = false;
parentPort.on("message", (message) => {
  if (message === "end") isOver = true;
});
let failure;
do {
  const began = performance.now();
  try {
    // A connection that is kept may be closed by the other side at the very moment of the next request.
    const answer = await fetch(workerData.url, { headers: { connection: "close" } });
    await answer.text();
  } catch (error) {
    failure = `${error.message}: ${error.cause?.message}`;
    break;
  }
  slowest = Math.max(slowest, performance.now() - began);
  await new Promise((done) => setTimeout(done, 15));
} while (!isOver);
parentPort.postMessage({ slowest, failure });
parentPort.close();
