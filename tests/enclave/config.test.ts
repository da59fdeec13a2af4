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
    inspect: false,
    supervised: false,
  });
});

test.for([
  ["address", { address: "http://example.com" }],
  ["address", { address: undefined }],
  ["world", { world: { name: "x" } }],
  ["platform", { platform: "trust-me" }],
  ["directory", { directory: 1 }],
  ["inspect", { inspect: "yes" }],
  ["development worlds only", { inspect: true, world: { name: "x", development: false } }],
  ["supervised", { supervised: 1 }],
] as const)("what is wrong is named: %s", ([named, change]) => {
  expect(() => parseWorkerConfig(JSON.stringify({ ...good, ...change }))).toThrow(named);
});
