import { expect, test } from "vitest";
import { quickJsEngine } from "#enclave/sandbox/quickjs/engine.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import vector from "../../vectors/sandbox-image.json" with { type: "json" };
import { rawBundle } from "./raw.ts";

/** In front of the image's hash in a snapshot: label and contract hash. */
const imageHashAt = "phatroom snapshot 2\0".length + 32;

// If this fails, saved rooms cannot go on. Either something is not deterministic, or what contracts can observe of the
// engine has changed: then count `interfaceVersion` up and renew the vector.
test("an engine of this name makes the same image of a bundle on every machine", async () => {
  const engine = await quickJsEngine();
  const contract = await engine.load(rawBundle({ value: { answer: "done", reason: null, effects: [] } }));
  expect(contract.engine).toBe(vector.engine);
  expect(bytesToHex(contract.hash)).toBe(vector.contract);
  const snapshot = contract.instantiate().snapshot();
  expect(bytesToHex(snapshot.subarray(imageHashAt, imageHashAt + 32))).toBe(vector.image);
});
