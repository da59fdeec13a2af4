/** An upgrade as a command line says it: what is missing or wrong is named. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readUpgrade, signed, statementOf } from "#cli/upgrade-file.ts";

const folder = await mkdtemp(join(tmpdir(), "phatroom-upgrade-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const hash = "ab".repeat(32);
const flags = { lineage: hash, from: hash, to: hash, number: "1", notice: "24" };

test("hours become milliseconds, halves as well", () => {
  expect(statementOf(flags)).toMatchObject({ number: 1, noticeMs: 86_400_000 });
  expect(statementOf({ ...flags, notice: "0.5" })).toMatchObject({ noticeMs: 1_800_000 });
});

test.for([
  [{ lineage: undefined, notice: undefined }, "needs --lineage, --notice."],
  [{ from: "abc" }, "--from must be 64 hex digits."],
  [{ number: "x" }, "--number must be a whole number"],
  [{ notice: "" }, "--notice is in hours, from 0 to 1193"],
  [{ notice: "soon" }, "and not soon."],
  [{ notice: "1194" }, "and not 1194."],
  [{ notice: "-1" }, "and not -1."],
] as const)("%j is refused: %s", ([wrong, sentence]) => {
  expect(() => statementOf({ ...flags, ...wrong })).toThrow(sentence);
});

test("a file that is something else is no upgrade, and one that holds no key does not sign", async () => {
  const file = join(folder, "contract.ts");
  await writeFile(file, "export default {};\n");
  await expect(readUpgrade(file)).rejects.toThrow("`phatroom upgrade sign` writes one");
  expect(await readUpgrade(join(folder, "nowhere"))).toBeUndefined();
  const upgrade = { ...statementOf(flags), signatures: [] };
  expect(() => signed(upgrade, "no key", "what my.key holds")).toThrow("what my.key holds must be 64 hex digits.");
});
