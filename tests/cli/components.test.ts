/** What an author declares in components.ts is made into AssemblyScript, and never runs outside of the sandbox. */
import { mkdir, mkdtemp, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateComponents, readComponents } from "#cli/components.ts";
import { componentsAssembly } from "#cli/components-assembly.ts";
import { placeTables } from "#protocol/tables.ts";
import { tables } from "../protocol/support/tables.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "phatroom-components-"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
});
afterAll(() => rm(folder, { recursive: true }));

async function author(path: string, text: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, text);
  return file;
}

const bomb = `
import { component, u8 } from "phatroom/contract";
export const Bomb = component({ fuse: u8 }, { capacity: 3 });
`;

test.for(["contracts/mover", "contracts/skirmish", "tests/contracts/fixtures/rows"])(
  "the columns kept in %s/assembly are what its components.ts says today",
  async (place) => {
    const layouts = await readComponents(join(root, place, "components.ts"));
    const kept = await readFile(join(root, place, "assembly/components.generated.ts"), "utf8");
    expect(kept).toBe(componentsAssembly(layouts, "../components.ts"));
  },
);

describe("beside a contract in AssemblyScript", () => {
  test("the columns are written, and again only when they differ", async () => {
    const source = await author("game/components.ts", bomb);
    const entry = await author("game/assembly/game.ts", "");
    const generated = join(folder, "game/assembly/components.generated.ts");
    await generateComponents(entry);
    const first = await readFile(generated, "utf8");
    expect(first).toContain("export namespace Bomb {");
    await utimes(generated, 1000, 1000);
    await generateComponents(entry);
    expect((await stat(generated)).mtimeMs).toBe(1_000_000);
    await writeFile(source, bomb.replace("capacity: 3", "capacity: 4"));
    await generateComponents(entry);
    expect(await readFile(generated, "utf8")).not.toBe(first);
  });

  test("nothing is written where nothing is declared", async () => {
    const entry = await author("plain/assembly/game.ts", "");
    await generateComponents(entry);
    await expect(stat(join(folder, "plain/assembly/components.generated.ts"))).rejects.toMatchObject({
      code: "ENOENT",
    });
  });
});

describe("a components.ts", () => {
  test.for<[string, string, RegExp]>([
    ["reads a file", `import "node:fs";`, /contracts reach nothing/],
    ["looks for a process", `export const Pid = process.pid;`, /^components\.ts: ReferenceError/],
    ["never ends", `for (;;);`, /^components\.ts: out of fuel/],
    ["exports what is no component", `${bomb} export const half = 0.5;`, /components\.half was not made by component/],
    ["declares what no manifest may hold", bomb.replace("fuse", "live"), /tables\.Bomb\.live must be/],
    ["writes rows", `${bomb} Bomb.spawn();`, /rows are there inside the calls of a room/],
  ])("that %s is refused, and its author is told why", { timeout: 60_000 }, async ([, text, told]) => {
    const path = await author("bad/components.ts", text);
    await expect(readComponents(path)).rejects.toMatchObject({
      name: "BuildError",
      message: expect.stringMatching(told) as string,
    });
  });
});

test("every column has its address and its class, and every row of it a check", () => {
  fc.assert(
    fc.property(tables(), (layouts) => {
      const text = componentsAssembly(layouts, "components.ts");
      const placed = placeTables(layouts);
      expect(text).toContain(`memory.data(${placed.length}, 8)`);
      for (const { name, capacity, columns } of placed.tables) {
        expect(text).toContain(`if (<u32>row >= ${capacity}) {\n    noSuchRow("${name}", row, ${capacity});`);
        for (const column of columns) {
          const address = column.at === 0 ? "region" : `region + ${column.at}`;
          expect(text).toMatch(
            new RegExp(`export const ${column.name}: (\\w+) = changetype<\\1>\\(${escaped(address)}\\);`),
          );
        }
      }
    }),
    { numRuns: 50 },
  );
});

const escaped = (text: string): string => text.replaceAll("+", "\\+");
