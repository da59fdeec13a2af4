/** Contracts written in TypeScript. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { buildContract } from "#cli/build-contract.ts";
import { installedQuickJs } from "#enclave/sandbox/quickjs/installed.ts";
import type { LoadedContract, SandboxError } from "#enclave/sandbox/sandbox.ts";
import { engineConformance } from "./engine.ts";
import type { Attack, Attacks } from "./front-end.ts";
import { ann, opened, see } from "./room-log.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`../contracts/fixtures/${name}.ts`, import.meta.url));
const built = async (name: string): Promise<Uint8Array> => (await buildContract(fixture(name))).bundle;

/** The fixture names its attacks itself. */
function attacks(contract: LoadedContract): Attacks {
  const answer = opened(contract).call({ call: "move", tick: 3, player: ann, move: { attack: "list" } });
  const [effect] = answer.answer === "done" ? answer.effects : [];
  if (effect?.effect !== "send") throw new Error("no list");
  const names = effect.message as Record<keyof Attacks, string[]>;
  const named = (kind: keyof Attacks): Attack[] => names[kind].map((attack) => ({ name: attack, move: { attack } }));
  return { fatal: named("fatal"), selfish: named("selfish"), escapes: named("escapes") };
}

const text = (code: string) => (): Uint8Array => Buffer.from(code);

engineConformance({
  start: installedQuickJs,
  highCard: () => built("high-card"),
  refused: [
    ["nothing", text("")],
    ["no script", text("const = 3")],
    ["one that throws", text("throw new Error('no')")],
    ["never loaded", text("for (const forever = () => Promise.resolve().then(forever); ; ) forever();")],
    ["answering nothing", text("globalThis.contract = { open() {} }")],
  ],
  hostile: { bundle: () => built("hostile"), attacks },
  faulty: [
    ["throw", /^Error: a rule failed\n/],
    ["endless loop", /^out of fuel/],
    ["an answer that is too long", /longer than/],
  ],
});

const hostile = async (): Promise<LoadedContract> => (await installedQuickJs()).load(await built("hostile"));

test("the fixture tries more than a few ways out", async () => {
  expect(attacks(await hostile()).escapes.length).toBeGreaterThan(15);
});

test("a contract's clock is the room's tick, and it has no other", async () => {
  const contract = await hostile();
  const at = (tick: number): unknown => {
    const answer = see(opened(contract), tick);
    return answer.answer === "views" ? answer.views[0] : undefined;
  };
  expect(at(100)).toMatchObject({ now: 2000, offset: 0 });
  expect(at(101)).toMatchObject({ now: 2020 });
  expect(at(101)).toEqual(at(101));
});

test("a view draws no random numbers", async () => {
  const answer = see(opened(await hostile()));
  expect(answer).toMatchObject({ views: [{ random: false }, { random: false }, { random: false }] });
});

test("an author's fault says what was thrown and where, in the author's file", async () => {
  const { bundle, sourceMap } = await buildContract(fixture("hostile"));
  const contract = await (await installedQuickJs()).load(bundle, { sourceMap });
  const faulty = opened(contract);
  const error = (() => {
    try {
      faulty.call({ call: "move", tick: 3, player: ann, move: { attack: "throw" } });
      return undefined;
    } catch (thrown) {
      return thrown as SandboxError;
    }
  })();
  expect(error?.message).toBe("call-faulted");
  expect(error?.detail).toMatch(/^Error: a rule failed\n\s+at hostile\.ts:\d+:\d+\n/);
});
