import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { buildContract } from "#cli/build-contract.ts";
import { readComponents } from "#cli/components.ts";
import type { Call, Player } from "#contract/abi.ts";
import { installedQuickJs } from "#enclave/sandbox/quickjs/installed.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

test("the contract in the SDK's README builds as it stands, and plays", async () => {
  const readme = await readFile(join(root, "contracts/sdk/README.md"), "utf8");
  const [, snippet] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const folder = await mkdtemp(join(tmpdir(), "phatroom-readme-"));
  try {
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "guessing.ts"), snippet ?? "");
    const { bundle, manifest } = await buildContract(join(folder, "guessing.ts"));
    expect(manifest).toMatchObject({ name: "guessing", players: { min: 2, max: 2 }, presence: "all" });

    const room = (await (await installedQuickJs()).load(bundle)).instantiate();
    const seat = (n: number): Player => ({ id: String(n).repeat(32), seat: n });
    const key = new Uint8Array(32).fill(5);
    const move = (n: number, number: unknown): unknown =>
      room.call({ call: "move", tick: 2, player: seat(n), move: { number } } as Call);
    room.call({ call: "open", tick: 0, key, options: {} });
    room.call({ call: "join", tick: 1, key, player: seat(0) });
    room.call({ call: "join", tick: 1, key, player: seat(1) });

    expect(move(0, 0)).toMatchObject({ reason: expect.stringMatching(/^number: /) as string });
    let [low, high] = [1, 100];
    for (let turn = 0; ; turn = 1 - turn) {
      const number = (low + high) >> 1;
      expect(move(turn, number)).toMatchObject({ reason: null });
      expect(move(turn, number)).toMatchObject({ reason: "it is not your turn", effects: [] });
      const seen = room.call({ call: "view", tick: 2, viewers: [{ kind: "spectator" }] });
      const view = (seen.answer === "views" ? seen.views[0] : null) as { guesses: { hint: string }[] };
      expect(Object.keys(view)).toEqual(["guesses"]);
      const hint = view.guesses.at(-1)!.hint;
      if (hint === "right") break;
      if (hint === "higher") low = number + 1;
      else high = number - 1;
      expect(low).toBeLessThanOrEqual(high);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the components in the SDK's README are what it says", async () => {
  const readme = await readFile(join(root, "contracts/sdk/README.md"), "utf8");
  const [, snippet] = /```ts\n(\/\/ components\.ts\n.*?)```/s.exec(readme) ?? [];
  const folder = await mkdtemp(join(tmpdir(), "phatroom-readme-"));
  try {
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "components.ts"), snippet ?? "");
    const tables = await readComponents(join(folder, "components.ts"));
    expect(tables.map(({ name, audience }) => [name, audience.who])).toEqual([
      ["Ammo", "owner"],
      ["Body", "near"],
      ["Bomb", "nobody"],
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
