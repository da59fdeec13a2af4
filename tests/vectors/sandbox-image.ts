/** What the vector of an image holds: the names of a small contract and of the memory its rooms start from. */
import { installedQuickJs } from "#enclave/sandbox/quickjs/installed.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { rawBundle } from "../enclave/sandbox/raw.ts";

/** In front of the image's hash in a snapshot: label and contract hash. */
const imageHashAt = "phatroom snapshot 2\0".length + 32;

export async function sandboxImage(): Promise<Record<"about" | "engine" | "contract" | "image", string>> {
  const engine = await installedQuickJs();
  const contract = await engine.load(rawBundle({ value: { answer: "done", reason: null, effects: [] } }));
  const snapshot = contract.instantiate().snapshot();
  return {
    about: "tests/enclave/sandbox/raw.ts, loaded: contract hash and image hash.",
    engine: contract.engine,
    contract: bytesToHex(contract.hash),
    image: bytesToHex(snapshot.subarray(imageHashAt, imageHashAt + 32)),
  };
}
