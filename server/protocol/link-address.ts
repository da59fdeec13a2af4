/**
 * Where a worker listens: a Unix socket's path or `tcp://host:port`. Both ends of the link read it alike, and know by it where
 * each thread of a worker listens.
 */

export type LinkAddress =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/** Longest path of a Unix socket that every system takes: macOS' sockaddr_un holds 104 bytes with the closing zero. */
const pathLengthMax = 103;

const portMax = 65_535;

const tcpPattern = /^tcp:\/\/(?:\[([0-9a-fA-F:.]+)\]|([0-9A-Za-z.-]+)):(\d{1,5})$/;

/** undefined if it is neither. IPv6 hosts stand in brackets; port 0 lets the system choose. */
export function parseLinkAddress(text: string): LinkAddress | undefined {
  const tcp = tcpPattern.exec(text);
  if (tcp !== null) {
    const port = Number(tcp[3]);
    return port > portMax ? undefined : { kind: "tcp", host: (tcp[1] ?? tcp[2])!, port };
  }
  if (text === "" || text.includes("://") || text.includes("\0") || text.length > pathLengthMax) return undefined;
  return { kind: "socket", path: text };
}

export function formatLinkAddress(address: LinkAddress): string {
  if (address.kind === "socket") return address.path;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `tcp://${host}:${address.port}`;
}

/** Threads of one worker that have rooms: more than processors of any machine that has one worker. */
export const workerThreadsMax = 64;

/**
 * Where the n-th thread of a worker listens: the first at the worker's address, each other one beside it, at `<path>.<n>`
 * or n - 1 ports further on. Undefined where there is no such path or port.
 */
export function threadAddress(address: LinkAddress, n: number): LinkAddress | undefined {
  if (n === 1) return address;
  if (address.kind === "socket") {
    const path = `${address.path}.${n}`;
    return path.length > pathLengthMax ? undefined : { kind: "socket", path };
  }
  const port = address.port + n - 1;
  return address.port === 0 || port > portMax ? undefined : { ...address, port };
}
