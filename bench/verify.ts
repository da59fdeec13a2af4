/**
 * How long it takes to verify one TDX quote with its collateral, ours beside the verifiers on npm, in Node and in
 * Chromium: cold, from a script's text to the first verdict, and warm.
 *
 * What each of them checks differs, and ours checks the most; `docs/attestation-errors.md` names what ours checks.
 */
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import type { Measured } from "./benches.ts";
import type { Options } from "./options.ts";
import { Process } from "./processes/parent.ts";
import { progress } from "./progress.ts";
import { ratiosTo, type Row } from "./report.ts";
import { percentile } from "./statistics.ts";
import { bundle, gzipped, type Script } from "./verify/bundle.ts";
import type { Input, Times } from "./verify/candidate.ts";
import { type Evidence, evidenceToVerify } from "./verify/input.ts";
import { launch, measureInPage } from "./verify/in-page.ts";

interface Named {
  readonly name: string;
  readonly entry: string;
  /** A WebAssembly module beside the script. */
  readonly wasm?: string;
  /** Whether another root than Intel's can be given to it. */
  readonly anyRoot: boolean;
}

const candidates: readonly Named[] = [
  { name: "phatroom", entry: "ours", anyRoot: true },
  { name: "@phala/dcap-qvl 0.3.9", entry: "dcap-qvl", anyRoot: true },
  {
    name: "@phala/dcap-qvl-web 0.3.3",
    entry: "dcap-qvl-web",
    wasm: "node_modules/@phala/dcap-qvl-web/dcap-qvl-web_bg.wasm",
    anyRoot: false,
  },
];

const runsMeasured = 200;
const runsQuick = 30;

export async function measureVerify({ quick }: Options): Promise<Measured> {
  const runs = quick ? runsQuick : runsMeasured;
  const evidence = await evidenceToVerify();
  const browser = await launch();
  const rows: Row[] = [];
  try {
    for (const candidate of candidates) rows.push(...(await measured(candidate, evidence, browser, runs)));
  } finally {
    await browser?.close();
  }
  const inPlace = (place: string) => rows.filter(({ name }) => name.endsWith(place));
  return {
    rows,
    ratios: {
      ...ratiosTo(inPlace("Chromium"), "phatroom, Chromium", "cold_ms"),
      ...ratiosTo(inPlace("Chromium"), "phatroom, Chromium", "p50_ms"),
      ...ratiosTo(inPlace("Chromium"), "phatroom, Chromium", "script_kib_gzipped"),
      ...ratiosTo(inPlace("Node"), "phatroom, Node", "p50_ms"),
    },
  };
}

async function measured(
  { name, entry, wasm, anyRoot }: Named,
  { input, what, genuine }: Evidence,
  browser: Browser | undefined,
  runs: number,
): Promise<Row[]> {
  // Without Intel's quote there is nothing that it could verify.
  if (!anyRoot && !genuine) return [];
  const module = wasm === undefined ? new Uint8Array(0) : readFileSync(new URL(wasm, import.meta.url));
  const given: Input = { ...input, wasm: [...module] };
  const path = new URL(`verify/candidates/${entry}.ts`, import.meta.url);
  const rows: Row[] = [];

  progress(`verify: ${name} in Node`);
  const forNode = await bundle(path, "node");
  const child = new Process("verify", "verify/in-node.ts");
  try {
    const times = await child.ask<Times>("measure", { script: forNode.text, input: given, runs });
    rows.push(rowOf(`${name}, Node`, what, times, forNode, module));
  } finally {
    await child.stop();
  }
  if (browser === undefined) return rows;

  progress(`verify: ${name} in Chromium`);
  const forPage = await bundle(path, "browser");
  const times = await measureInPage(browser, forPage.text, given, runs);
  rows.push({ ...rowOf(`${name}, Chromium`, what, times, forPage, module), chromium: browser.version() });
  return rows;
}

const rowOf = (name: string, what: string, times: Times, script: Script, module: Uint8Array): Row => ({
  name,
  verified: what,
  says: times.status,
  runs: times.warmMs.length,
  cold_ms: times.coldMs,
  p50_ms: percentile(times.warmMs, 50),
  p95_ms: percentile(times.warmMs, 95),
  script_kib: (script.bytes + module.length) / 1024,
  script_kib_gzipped: (script.gzippedBytes + (module.length === 0 ? 0 : gzipped(module))) / 1024,
});
