import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { parseWorkerConfig } from "#enclave/config.ts";

const good = {
  address: "/run/phatroom.sock",
  world: { name: "somewhere", development: true },
  platform: "software",
  directory: "/var/lib/phatroom",
  contracts: "/srv/contracts",
};

test("a complete configuration is taken as it is", () => {
  expect(parseWorkerConfig(JSON.stringify(good))).toEqual({
    ...good,
    address: { kind: "socket", path: "/run/phatroom.sock" },
    agent: { kind: "socket", path: "/var/run/dstack.sock" },
    inspect: false,
    supervised: false,
    threads: 1,
  });
});

test("the guest agent may be elsewhere", () => {
  const config = parseWorkerConfig(JSON.stringify({ ...good, platform: "dstack", agent: "http://127.0.0.1:8090" }));
  expect(config).toMatchObject({ platform: "dstack", agent: { kind: "http", host: "127.0.0.1", port: 8090 } });
});

test.for([
  [1, 1],
  [64, 64],
  ["cores", Math.min(64, availableParallelism())],
] as const)("threads: %s means %i", ([threads, meant]) => {
  expect(parseWorkerConfig(JSON.stringify({ ...good, threads })).threads).toBe(meant);
});

test.for([
  ["address", { address: "http://example.com" }],
  ["address", { address: undefined }],
  ["world", { world: { name: "x" } }],
  ["platform", { platform: "trust-me" }],
  ["agent", { agent: 1 }],
  ["agent", { agent: "https://example.com" }],
  ["directory", { directory: 1 }],
  ["inspect", { inspect: "yes" }],
  ["development worlds only", { inspect: true, world: { name: "x", development: false } }],
  ["supervised", { supervised: 1 }],
  ["threads", { threads: 0 }],
  ["threads", { threads: 65 }],
  ["threads", { threads: 1.5 }],
  ["threads", { threads: "2" }],
  ["threads", { threads: null }],
  ["room for", { threads: 2, address: "tcp://127.0.0.1:0" }],
  ["room for", { threads: 2, address: "tcp://127.0.0.1:65535" }],
  ["room for", { threads: 10, address: `/${"a".repeat(101)}` }],
] as const)("what is wrong is named: %s", ([named, change]) => {
  expect(() => parseWorkerConfig(JSON.stringify({ ...good, ...change }))).toThrow(named);
});
