/** `phatroom build --profile` says what calls cost, and what an author should raise or lower. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildContract } from "#cli/build-contract.ts";
import { profile, type Profile } from "#cli/profile/measure.ts";
import { playedByItself } from "#cli/profile/play.ts";
import { profileText } from "#cli/profile/text.ts";
import type { Call } from "#contract/abi.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { encodeRecording } from "#testing/recording.ts";
import { rawBundle, rawManifest, sayText } from "../enclave/sandbox/raw.ts";
import { ann, opening, viewers } from "../conformance/room-log.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const highCard = join(root, "tests/contracts/fixtures/high-card.ts");

let contract: LoadedContract;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "phatroom-profile-"));
  contract = await (await contractEngine()).load((await buildContract(highCard)).bundle);
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const shout = (text: string): Call => ({ call: "move", tick: 5, player: ann, move: { kind: "shout", text } });

describe("the numbers", () => {
  test("are those of the calls, by kind; a view counts for each viewer", () => {
    const calls = [...opening, shout("a"), shout("a longer one"), { call: "view" as const, tick: 6, viewers }];
    const { kinds, pages, faults } = profile(contract, calls);
    const room = contract.instantiate();
    const spent = calls.map((call) => (room.call(call), room.usage.fuel));
    expect(kinds.map(({ kind, count, faulted }) => [kind, count, faulted])).toEqual([
      ["open", 1, 0],
      ["join", 2, 0],
      ["move", 2, 0],
      ["view", 3, 0],
    ]);
    expect(kinds[0]!.fuel).toEqual({ mean: spent[0], p99: spent[0], max: spent[0] });
    expect(kinds[2]!.fuel.max).toBe(Math.max(spent[3]!, spent[4]!));
    expect(kinds[2]!.fuel.mean).toBe(Math.round((spent[3]! + spent[4]!) / 2));
    expect(Math.round(spent[5]! / 3)).toBe(kinds[3]!.fuel.mean);
    expect(pages).toBe(room.usage.pages);
    expect(faults).toEqual([]);
  });

  test("of a call that ends early count, and what comes behind it finds the room as it was", async () => {
    const done = sayText({ answer: "done", reason: null, effects: [] }, -1, "");
    const body = `if (host.input.subarray(0, 40).includes(77)) for (;;); ${done}`;
    const bundle = rawBundle({ body }, { ...rawManifest, fuel: 500_000 });
    const loaded = await (await contractEngine()).load(bundle);
    const calls: Call[] = [...opening, { call: "tick", tick: 77 }, { call: "tick", tick: 4 }];
    const { kinds, faults } = profile(loaded, calls);
    expect(kinds.find(({ kind }) => kind === "tick")).toMatchObject({ count: 2, faulted: 1 });
    expect(faults).toEqual([expect.stringMatching(/^tick: out of fuel/)]);
  });

  test("come without a recording from a game of people who come, drop, return and leave", () => {
    const calls = playedByItself(contract);
    const kinds = profile(contract, calls).kinds.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["open", "join", "view", "dropped", "returned", "leave"]));
    expect(playedByItself(contract)).toEqual(calls);
  });
});

describe("the advice", () => {
  const said = (
    max: number,
    more: { fuel?: number; pages?: number; faults?: string[]; kind?: "tick" | "move" } = {},
  ) => {
    const { fuel = 20_000_000, pages = 100, faults = [], kind = "move" } = more;
    const given: Profile = {
      manifest: { ...contract.manifest, fuel, memoryPages: 256 },
      kinds: [{ kind, count: 4, faulted: faults.length, fuel: { mean: max, p99: max, max } }],
      pages,
      faults,
    };
    return profileText(given);
  };

  test.for([
    ["a budget that is nearly used up is to be raised", said, 12_000_000, {}, /takes 60 %.*Raise `fuel` to 36_000_000/],
    [
      "more than there is cannot be had",
      said,
      90_000_000,
      { fuel: 100_000_000 },
      /No more than 200_000_000 can be had/,
    ],
    ["a budget that is never used is to be lowered", said, 200_000, {}, /takes 1\.0 %.*`fuel: 600_000` would do/],
    ["but not below the least there is", said, 20_000, {}, /`fuel: 100_000` would do/],
    ["one that fits is left alone", said, 4_000_000, {}, /takes 20 %.*good budget/],
    ["memory that is nearly full is to be raised", said, 4_000_000, { pages: 230 }, /Raise `memoryPages` to 345/],
    ["memory that is never used is to be lowered", said, 4_000_000, { pages: 40 }, /`memoryPages: 60` would do/],
    ["memory that fits is left alone", said, 4_000_000, { pages: 100 }, /Memory is enough/],
    [
      "calls that ended early come first",
      said,
      4_000_000,
      { faults: ["tick: out of fuel"] },
      /1 ended early(.|\n)*Ended early: tick/,
    ],
    ["a game without moves says so", said, 4_000_000, { kind: "tick" }, /No moves are in this/],
  ] as const)("%s", ([, text, max, more, expected]) => {
    expect(text(max, more as Parameters<typeof said>[1])).toMatch(expected);
  });

  test("is about the dearest kind of call", () => {
    expect(profileText(profile(contract, [...opening, shout("a")]))).toMatch(
      /The dearest call, (move|join|open), takes/,
    );
  });
});

const phatroom = (...args: string[]): Promise<{ stdout: string }> =>
  promisify(execFile)(process.execPath, [
    "--disable-warning=ExperimentalWarning",
    join(root, "server/cli/main.ts"),
    "build",
    highCard,
    "--out",
    join(folder, "out"),
    ...args,
  ]);

test("the command profiles a recording", { timeout: 60_000 }, async () => {
  const file = join(folder, "game.json");
  await writeFile(file, encodeRecording([...opening, shout("hello")]));
  const { stdout } = await phatroom("--profile", file);
  expect(stdout).toMatch(/^high-card .*\n\ncall +count +fuel, mean/);
  expect(stdout).toMatch(/^move +1 /m);
});

test("a file that is none is said to be none", { timeout: 60_000 }, async () => {
  await expect(phatroom("--profile", join(folder, "nothing.json"))).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/there is no recording/),
  });
});
