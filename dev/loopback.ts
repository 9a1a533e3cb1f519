import { type ListenOptions, Server as NetServer, type Socket } from "node:net";

/** 127.0.0.0/8, also as an IPv6 socket writes it, and ::1. */
const loopbackAddress = /^(::ffff:)?127(\.\d{1,3}){3}$|^::1$/i;

export const isLoopbackAddress = (address: string | undefined): boolean =>
  address !== undefined && loopbackAddress.test(address);

/**
 * Drops every connection of a peer that is not on this machine. The server listens on loopback and nobody else should reach
 * it; this holds where a container's or a firewall's rules bring somebody in all the same.
 */
export function admitLoopbackOnly(server: NetServer): void {
  server.prependListener("connection", (socket: Socket) => {
    if (!isLoopbackAddress(socket.remoteAddress)) socket.destroy();
  });
}

/** A host opens a connection for each request it forwards; Node's own bound of 511 is soon reached by a flood. */
const backlog = 4_096;

type Listen = (this: NetServer, ...args: unknown[]) => NetServer;

/**
 * Runs work whose servers listen on loopback where they name no address. The Functions library opens its stream server on
 * every interface of the machine: right inside a worker's sandbox, and not on a developer's machine.
 */
export async function listeningOnLoopback<T>(work: () => T | Promise<T>): Promise<T> {
  const prototype = NetServer.prototype as unknown as { listen: Listen };
  const original = prototype.listen;
  prototype.listen = function onLoopback(...args) {
    const [first] = args;
    const done = args.find((each) => typeof each === "function");
    if (first !== undefined && typeof first !== "number" && typeof first !== "function")
      return original.apply(this, args);
    if (typeof args[1] === "string") return original.apply(this, args);
    const port = typeof first === "number" ? first : 0;
    const options: ListenOptions = { port, host: "127.0.0.1", backlog };
    return original.call(this, options, ...(done === undefined ? [] : [done]));
  };
  try {
    return await work();
  } finally {
    prototype.listen = original;
  }
}
