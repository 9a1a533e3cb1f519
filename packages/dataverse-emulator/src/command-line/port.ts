import { createServer } from "node:net";

/** A port that cannot be listened on, in words for whoever started the program. */
export class PortError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PortError";
  }
}

/**
 * What to tell of a fault of `listen`; undefined when it is about something else.
 *
 * @param setting the variable that chooses the port
 */
export function portError(
  error: NodeJS.ErrnoException,
  port: number,
  setting: string,
): PortError | undefined {
  // Below 65,536 whatever was taken.
  const other = port > 65_000 ? port - 10 : port + 10;
  if (error.code === "EADDRINUSE") {
    return new PortError(
      `Port ${port} is taken. Stop what uses it, or choose another: ${setting}=${other} (0 picks a free one).`,
    );
  }
  if (error.code === "EACCES" || error.code === "EPERM") {
    return new PortError(
      `Port ${port} may not be used by this user. Choose another: ${setting}=${Math.max(other, 7071)} (0 picks a free one).`,
    );
  }
  return undefined;
}

/**
 * Finds out that a port cannot be used before anything else is begun: making the data takes minutes when there is much.
 *
 * @throws PortError
 */
export async function tryPort(port: number, setting: string): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once("error", (error) => fail(portError(error, port, setting) ?? error));
    server.listen(port, "127.0.0.1", done);
  });
  await new Promise((done) => server.close(done));
}
