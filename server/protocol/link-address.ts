/** Where a worker listens: a Unix socket's path or `tcp://host:port`. Both ends of the link read it alike. */

export type LinkAddress =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/** Longest path of a Unix socket that every system takes: macOS' sockaddr_un holds 104 bytes with the closing zero. */
const pathLengthMax = 103;

const tcpPattern = /^tcp:\/\/(?:\[([0-9a-fA-F:.]+)\]|([0-9A-Za-z.-]+)):(\d{1,5})$/;

/** undefined if it is neither. IPv6 hosts stand in brackets; port 0 lets the system choose. */
export function parseLinkAddress(text: string): LinkAddress | undefined {
  const tcp = tcpPattern.exec(text);
  if (tcp !== null) {
    const port = Number(tcp[3]);
    return port > 65_535 ? undefined : { kind: "tcp", host: (tcp[1] ?? tcp[2])!, port };
  }
  if (text === "" || text.includes("://") || text.includes("\0") || text.length > pathLengthMax) return undefined;
  return { kind: "socket", path: text };
}

export function formatLinkAddress(address: LinkAddress): string {
  if (address.kind === "socket") return address.path;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `tcp://${host}:${address.port}`;
}
