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
  });
});

test("the guest agent may be elsewhere", () => {
  const config = parseWorkerConfig(JSON.stringify({ ...good, platform: "dstack", agent: "http://127.0.0.1:8090" }));
  expect(config).toMatchObject({ platform: "dstack", agent: { kind: "http", host: "127.0.0.1", port: 8090 } });
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
] as const)("what is wrong is named: %s", ([named, change]) => {
  expect(() => parseWorkerConfig(JSON.stringify({ ...good, ...change }))).toThrow(named);
});
