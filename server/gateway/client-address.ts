/** Whom limits count as one: the address a request came from, as far as it can be believed. */
import { isIPv4, isIPv6 } from "node:net";
import type { IncomingMessage } from "node:http";

/**
 * The client's address. Each trusted proxy appends the address it was reached from to X-Forwarded-For, so with n of them
 * the n-th entry from the right is the client's; what stands further left, the client wrote itself.
 *
 * @param trustedProxies how many of our own proxies stand in front; 0: none, and the header is not read.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  const peer = request.socket.remoteAddress ?? "";
  if (trustedProxies === 0) return networkOf(peer);
  const header = request.headers["x-forwarded-for"];
  const entries = (Array.isArray(header) ? header.join(",") : (header ?? "")).split(",");
  const entry = entries.at(-trustedProxies)?.trim() ?? "";
  return networkOf(isIPv4(entry) || isIPv6(entry) ? entry : peer);
}

/** IPv4 as it is; of IPv6 the /64, which is what one subscriber gets. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1]!;
  if (!isIPv6(address)) return address;
  const [head, tail] = address.replace(/%.*$/, "").split("::");
  const front = groupsOf(head);
  const back = groupsOf(tail);
  const gap = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const all = [...front, ...Array.from({ length: gap }, () => "0"), ...back];
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(":")}::/64`;
}

const groupsOf = (text: string | undefined): string[] => (text === undefined || text === "" ? [] : text.split(":"));
