/**
 * npm libraries that game authors use run in the sandbox as they come from the registry, and give the answers that they
 * give in plain Node, bit for bit. The list in contracts/sdk/README.md is this one.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { buildContract } from "#cli/build-contract.ts";
import { installedQuickJs } from "#enclave/sandbox/quickjs/installed.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import type { Value } from "#protocol/value.ts";

const groupSize = 6;

const here = new URL("../../libraries/", import.meta.url);
const cache = new URL("../../../.cache/libraries/", import.meta.url);
const names = readdirSync(new URL("cases/", here))
  .map((file) => file.replace(/\.js$/, ""))
  .sort();

const { devDependencies } = JSON.parse(readFileSync(new URL("package.json", here), "utf8")) as {
  readonly devDependencies: Readonly<Record<string, string>>;
};
const missing = existsSync(new URL("node_modules/", here)) ? "" : " (not installed: npm ci --prefix tests/libraries)";

/** Those that draw while they load have what they draw from put around them, once for a contract. */
const drawing = names.filter((name) => readFileSync(new URL(`cases/${name}.js`, here), "utf8").includes("before.js"));

/** Several in one contract, because most of the time goes into loading one. */
const groups = [...drawing.map((name) => [name]), ...chunks(names.filter((name) => !drawing.includes(name)))];

test.for(groups.map((group) => [group.join(", "), group] as const))(
  `%s: the sandbox says what Node says${missing}`,
  { skip: missing !== "" },
  async ([, group]) => {
    const { bundle } = await buildContract(contractOf(group));
    const room = (await (await installedQuickJs()).load(bundle)).instantiate();
    room.call({ call: "open", tick: 0, key: new Uint8Array(32), options: {} });
    const answer = room.call({ call: "view", tick: 1, viewers: [{ kind: "spectator" }] });
    const inside = answer.answer === "views" ? (answer.views[0] as Record<string, Value>) : {};
    expect(Object.keys(inside)).toEqual(group);
    for (const name of group) {
      expect(devDependencies).toHaveProperty([name]);
      const { run } = (await import(new URL(`cases/${name}.js`, here).href)) as { readonly run: () => unknown };
      const outside = encodeMsgpack(run());
      expect(inside[name], name).toEqual(decodeMsgpack(outside));
      expect(bytesToHex(encodeMsgpack(inside[name])), name).toBe(bytesToHex(outside));
    }
  },
);

test("every library that is installed has its case, and the SDK's README lists them all", () => {
  const helpers = new Set(["ngraph.graph"]);
  expect(Object.keys(devDependencies).filter((name) => !helpers.has(name))).toEqual(names);
  const readme = readFileSync(new URL("../../contracts/sdk/README.md", here), "utf8");
  const listed = /<!-- libraries -->([^]*?)<!-- \/libraries -->/.exec(readme)?.[1] ?? "";
  expect([...listed.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual(names);
});

function chunks(all: readonly string[]): string[][] {
  const count = Math.ceil(all.length / groupSize);
  return Array.from({ length: count }, (_, i) => all.slice(i * groupSize, (i + 1) * groupSize));
}

/** A contract that uses these libraries when it opens, and shows what came of each. */
function contractOf(group: readonly string[]): string {
  mkdirSync(cache, { recursive: true });
  const path = fileURLToPath(new URL(`${group[0]!}.js`, cache));
  const imports = group.map((name, i) => `import { run as run${i} } from "../../tests/libraries/cases/${name}.js";`);
  const results = group.map((name, i) => `${JSON.stringify(name)}: run${i}()`);
  const text = `
    import { accept } from "phatroom/contract";
    ${imports.join("\n")}
    export default {
      name: "library",
      players: { min: 1, max: 1 },
      fuel: 200_000_000,
      memoryPages: 512,
      moves: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
      open: () => ({ ${results.join(", ")} }),
      apply: accept,
      view: (state) => state,
    };`;
  writeFileSync(path, text);
  return path;
}
