/** A room computes the same in Chromium as in Node: answers, fuel, and every byte of memory. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeCall, type Call } from "#contract/abi.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { hostileWasm } from "../conformance/hostile-wasm.ts";
import { ann, anyLog, opening } from "../conformance/room-log.ts";
import { bundleOf } from "../support/bundles.ts";
import { buildC, missingForC } from "../support/clang.ts";
import { traceRooms, type Traces } from "../support/room-traces.ts";
import { launchChromium, openModule, type PageModule } from "./chromium.ts";
import type * as sandboxPage from "./sandbox-page.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`../contracts/${name}`, import.meta.url));

let browser: Browser;
let page: PageModule<typeof sandboxPage>;
beforeAll(async () => {
  browser = await launchChromium();
  page = await openModule<typeof sandboxPage>(browser, new URL("sandbox-page.ts", import.meta.url));
});
afterAll(() => browser?.close());

const encoded = (log: readonly Call[]): string[] => log.map((call) => bytesToHex(encodeCall(call)));

const logs = fc.sample(anyLog, { numRuns: 8, seed: 20 }).map((log) => encoded([...opening, ...log]));

const inNode = async (bundle: Uint8Array, rooms = logs): Promise<Traces> =>
  traceRooms(await contractEngine(), bundle, rooms);

test("a contract in TypeScript", async () => {
  const binary = await readFile(fileURLToPath(import.meta.resolve("quickjs-wasi/quickjs.wasm")));
  const bundle = await bundleOf(fixture("fixtures/high-card.ts"));
  const there = await page.call("traceQuickJs", bytesToHex(binary), bytesToHex(bundle), logs);
  expect(there).toEqual(await inNode(bundle));
  expect(there.rooms.every(({ fingerprint }) => fingerprint !== "")).toBe(true);
});

test("a contract in AssemblyScript", async () => {
  const bundle = await bundleOf(fixture("fixtures/assembly/high-card.ts"));
  const there = await page.call("traceWasm", bytesToHex(bundle), logs);
  expect(there).toEqual(await inNode(bundle));
  expect(there.rooms.every(({ fingerprint }) => fingerprint !== "")).toBe(true);
});

const withoutC = missingForC.length === 0 ? "" : `: this machine has no ${missingForC.join(" and no ")}`;

test.skipIf(withoutC !== "")(`a contract in C${withoutC}`, async () => {
  const bundle = await buildC(fixture("c/high-card.c"));
  const there = await page.call("traceWasm", bytesToHex(bundle), logs);
  expect(there).toEqual(await inNode(bundle));
  expect(there.rooms.every(({ fingerprint }) => fingerprint !== "")).toBe(true);
});

test("every attack is stopped in the same place", async () => {
  const bundle = await hostileWasm.hostile.bundle();
  const contract: LoadedContract = await (await contractEngine()).load(bundle);
  const { fatal, selfish } = hostileWasm.hostile.attacks(contract);
  const attacks = [...fatal, ...selfish].map(({ move }) =>
    encoded([opening[0]!, { call: "move", tick: 3, player: ann, move }]),
  );
  const there = await page.call("traceWasm", bytesToHex(bundle), attacks);
  expect(there).toEqual(await inNode(bundle, attacks));
  expect(there.rooms.filter(({ answers }) => answers.at(-1) === "fault")).toHaveLength(fatal.length);
});
