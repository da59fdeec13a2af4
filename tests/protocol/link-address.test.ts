/** Addresses of workers. */
import { expect, test } from "vitest";
import { formatLinkAddress, parseLinkAddress, threadAddress } from "#protocol/link-address.ts";

test.for([
  ["/run/phatroom/worker.sock", { kind: "socket", path: "/run/phatroom/worker.sock" }],
  [".phatroom/worker.sock", { kind: "socket", path: ".phatroom/worker.sock" }],
  ["tcp://127.0.0.1:0", { kind: "tcp", host: "127.0.0.1", port: 0 }],
  ["tcp://worker.internal:7000", { kind: "tcp", host: "worker.internal", port: 7000 }],
  ["tcp://[::1]:7000", { kind: "tcp", host: "::1", port: 7000 }],
] as const)("%s is read and written back", ([text, address]) => {
  expect(parseLinkAddress(text)).toEqual(address);
  expect(formatLinkAddress(address)).toBe(text);
});

test.for([
  "",
  "tcp://host",
  "tcp://host:65536",
  "tcp://:1",
  "tcp://a b:1",
  "http://host:80",
  "a\0b",
  `/${"a".repeat(200)}`,
])("%j is no address", (text) => {
  expect(parseLinkAddress(text)).toBeUndefined();
});

test.for([
  ["/run/worker.sock", 1, "/run/worker.sock"],
  ["/run/worker.sock", 2, "/run/worker.sock.2"],
  ["/run/worker.sock", 64, "/run/worker.sock.64"],
  ["tcp://[::1]:7000", 1, "tcp://[::1]:7000"],
  ["tcp://[::1]:7000", 3, "tcp://[::1]:7002"],
  ["tcp://127.0.0.1:65535", 1, "tcp://127.0.0.1:65535"],
  ["tcp://127.0.0.1:0", 1, "tcp://127.0.0.1:0"],
  ["tcp://127.0.0.1:65535", 2, undefined],
  ["tcp://127.0.0.1:0", 2, undefined],
  [`/${"a".repeat(101)}`, 2, undefined],
] as const)("of a worker at %s, thread %i listens at %s", ([text, n, expected]) => {
  const address = threadAddress(parseLinkAddress(text)!, n);
  expect(address && formatLinkAddress(address)).toBe(expected);
});
