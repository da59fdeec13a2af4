/** A worker on hardware that protects does not start in a way that gives the protection up. */
import { expect, test } from "vitest";
import type { WorkerConfig } from "#enclave/config.ts";
import { refuseOnHardware, refuseWithoutProtection } from "#enclave/hardware.ts";

const config = (change: Partial<WorkerConfig>): WorkerConfig => ({
  address: { kind: "socket", path: "/run/worker.sock" },
  world: { name: "somewhere", development: true },
  platform: "dstack",
  agent: { kind: "socket", path: "/var/run/dstack.sock" },
  directory: "/data",
  contracts: "/contracts",
  inspect: false,
  supervised: false,
  threads: 1,
  ...change,
});
const only = (path: string) => (asked: string) => asked === path;

test.for(["/dev/tdx_guest", "/dev/sev-guest", "/dev/nsm", "/var/run/dstack.sock"])(
  "where there is %s, nothing but the platform for it starts",
  (path) => {
    for (const platform of ["software", "unavailable"] as const) {
      expect(() => refuseWithoutProtection(config({ platform }), only(path))).toThrow(path);
    }
    expect(() => refuseWithoutProtection(config({}), only(path))).not.toThrow();
  },
);

test("an ordinary machine runs the development platform", () => {
  expect(() => refuseWithoutProtection(config({ platform: "software" }), () => false)).not.toThrow();
});

test("inspection is refused on hardware, also in a development world", () => {
  const info = { name: "dstack", label: "", hardware: true };
  expect(() => refuseOnHardware(config({ inspect: true }), info)).toThrow("inspect");
  expect(() => refuseOnHardware(config({ inspect: false }), info)).not.toThrow();
  expect(() => refuseOnHardware(config({ inspect: true }), { ...info, hardware: false })).not.toThrow();
});
