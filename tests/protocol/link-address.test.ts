/** Addresses of workers. */
import { expect, test } from "vitest";
import { formatLinkAddress, parseLinkAddress } from "#protocol/link-address.ts";

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
