/** What a contract's faults may cost a worker, whoever opens its rooms again. */
import { expect, test } from "vitest";
import { FaultBrake } from "#enclave/fault-brake.ts";

test.for([
  ["the default of TypeScript", 20_000_000],
  ["the largest", 200_000_000],
] as const)("faults of a contract whose budget is %s cost a sixteenth of the time", ([, fuel]) => {
  const brake = new FaultBrake();
  const contract = { name: "faulty", fuel };
  let faults = 0;
  for (let now = 1e6; now < 1e6 + 600_000; now += 20) {
    if (brake.holds(contract, now)) continue;
    brake.fault(contract, now);
    faults += 1;
  }
  const costMs = faults * fuel * 0.35e-6;
  expect(costMs).toBeGreaterThan(600_000 / 16);
  expect(costMs).toBeLessThan(600_000 / 16 + 100 + 2 * fuel * 0.35e-6);
});

test("other contracts do not wait, and after a time without faults it is forgotten", () => {
  const brake = new FaultBrake();
  const contract = { name: "faulty", fuel: 200_000_000 };
  for (let i = 0; i < 3; i++) brake.fault(contract, 1000);
  expect([brake.holds(contract, 1000), brake.holds({ name: "other" }, 1000)]).toEqual([true, false]);
  expect(brake.holds(contract, 20_000)).toBe(false);
});

test("what took longer than its fuel says is owed for by the clock", () => {
  const brake = new FaultBrake();
  const contract = { name: "faulty", fuel: 5_000_000 };
  let tookMs = 0;
  for (let now = 1e6; now < 1e6 + 600_000; now += 20) {
    if (brake.holds(contract, now)) continue;
    for (let fault = 0; fault < 4; fault++) brake.fault(contract, now);
    brake.took(contract, 4, 160, now);
    tookMs += 160;
  }
  expect(tookMs).toBeGreaterThan(600_000 / 16);
  expect(tookMs).toBeLessThan(600_000 / 16 + 100 + 2 * 160);
});
