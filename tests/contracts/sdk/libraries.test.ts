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

const here = new URL("../../libraries/", import.meta.url);
const cache = new URL("../../../.cache/libraries/", import.meta.url);
const names = readdirSync(new URL("cases/", here))
  .map((file) => file.replace(/\.js$/, ""))
  .sort();

const { devDependencies } = JSON.parse(readFileSync(new URL("package.json", here), "utf8")) as {
  readonly devDependencies: Readonly<Record<string, string>>;
};
const missing = existsSync(new URL("node_modules/", here)) ? "" : " (not installed: npm ci --prefix tests/libraries)";

test.for(names)(`%s says in the sandbox what it says in Node${missing}`, { skip: missing !== "" }, async (name) => {
  expect(devDependencies).toHaveProperty([name]);
  const { bundle } = await buildContract(contractOf(name));
  const room = (await (await installedQuickJs()).load(bundle)).instantiate();
  room.call({ call: "open", tick: 0, key: new Uint8Array(32), options: {} });
  const answer = room.call({ call: "view", tick: 1, viewers: [{ kind: "spectator" }] });
  const inside = answer.answer === "views" ? answer.views[0] : undefined;
  const { run } = (await import(new URL(`cases/${name}.js`, here).href)) as { readonly run: () => unknown };
  const outside = run();
  expect(inside).toEqual(decodeMsgpack(encodeMsgpack(outside)));
  expect(bytesToHex(encodeMsgpack(inside))).toBe(bytesToHex(encodeMsgpack(outside)));
});

test("every library that is installed has its case, and the SDK's README lists them all", () => {
  const helpers = new Set(["ngraph.graph"]);
  expect(Object.keys(devDependencies).filter((name) => !helpers.has(name))).toEqual(names);
  const readme = readFileSync(new URL("../../contracts/sdk/README.md", here), "utf8");
  const listed = /<!-- libraries -->([^]*?)<!-- \/libraries -->/.exec(readme)?.[1] ?? "";
  expect([...listed.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual(names);
});

/** A contract that uses the library when it opens, and shows what came of it. */
function contractOf(name: string): string {
  mkdirSync(cache, { recursive: true });
  const path = fileURLToPath(new URL(`${name}.js`, cache));
  const text = `
    import { accept } from "phatroom/contract";
    import { run } from "../../tests/libraries/cases/${name}.js";
    export default {
      name: "library",
      players: { min: 1, max: 1 },
      fuel: 200_000_000,
      memoryPages: 512,
      moves: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
      open: () => run(),
      apply: accept,
      view: (state) => state,
    };`;
  writeFileSync(path, text);
  return path;
}
