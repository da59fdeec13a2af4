/** Contracts written in AssemblyScript. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { bundleOf } from "../support/bundles.ts";
import { engineConformance } from "./engine.ts";
import type { Attack, Attacks } from "./front-end.ts";
import { hostileWasm } from "./hostile-wasm.ts";
import { ann, opened } from "./room-log.ts";

const built = (name: string): Promise<Uint8Array> =>
  bundleOf(fileURLToPath(new URL(`../contracts/fixtures/assembly/${name}.ts`, import.meta.url)));

/** The fixture names its attacks itself. */
function attacks(contract: LoadedContract): Attacks {
  const answer = opened(contract).call({ call: "move", tick: 3, player: ann, move: { attack: "list" } });
  const [effect] = answer.answer === "done" ? answer.effects : [];
  if (effect?.effect !== "send") throw new Error("no list");
  const names = effect.message as Record<keyof Attacks, string[]>;
  const named = (kind: keyof Attacks): Attack[] => names[kind].map((attack) => ({ name: attack, move: { attack } }));
  return { fatal: named("fatal"), selfish: named("selfish"), escapes: named("escapes") };
}

describe("in AssemblyScript", () => {
  engineConformance({
    start: contractEngine,
    highCard: () => built("high-card"),
    refused: hostileWasm.refused,
    hostile: { bundle: () => built("hostile"), attacks },
    faulty: [
      ["throw", /^a rule failed\n {4}at hostile\.ts:\d+:\d+$/],
      ["a null that is not there", /^Unexpected 'null'.*\n {4}at hostile\.ts:\d+:\d+$/],
      ["an index out of range", /^Index out of range\n {4}at ~lib\/array\.ts:\d+:\d+$/],
      ["endless loop", /^out of fuel/],
      ["deep recursion", /nested too deeply/],
      ["memory bomb of bytes", /pages of memory in use/],
      ["an answer that is too long", /^the answer of one call is longer than 1 MiB\n/],
      ["a message that is not ended", /^context: a list or map is not ended\n/],
      ["a key without a value", /^a key without a value\n/],
    ],
  });

  test("the fixture tries more than a few attacks", async () => {
    const { fatal } = attacks(await (await contractEngine()).load(await built("hostile")));
    expect(fatal.length).toBeGreaterThan(50);
  });
});
