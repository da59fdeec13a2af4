/** The development platform: genuine in form, under a root that is worth nothing to anybody else. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { appraise } from "#attestation/appraise.ts";
import { decodeEvidence, rootOf } from "#attestation/evidence.ts";
import { isDevelopmentRoot } from "#attestation/development-root.ts";
import { developmentPolicy, rootsFor } from "#attestation/policy.ts";
import { verify } from "#attestation/verify.ts";
import { webCryptoPrimitives } from "#client/primitives.ts";
import { loadSeed } from "#enclave/platform/development/seed.ts";
import { platformFromSeed, softwarePlatform } from "#enclave/platform/software.ts";
import { platformConformance } from "../../conformance/platform.ts";

const base = await mkdtemp(join(tmpdir(), "phatroom-software-"));
afterAll(() => rm(base, { recursive: true, force: true }));

const primitives = webCryptoPrimitives();
const clock = () => Math.floor(Date.now() / 1000);
const reportData = new Uint8Array(64);

platformConformance("software", {
  open: (identity) => softwarePlatform({ directory: join(base, identity) }),
  now: clock,
});

platformConformance("software, as SGX", {
  open: async (identity) => platformFromSeed(await loadSeed(join(base, identity)), clock, "sgx"),
  now: clock,
});

test("the label in terminal and page says that it protects nothing", async () => {
  const info = await (await softwarePlatform({ directory: join(base, "a") })).info();
  expect(info).toMatchObject({ name: "software", hardware: false });
  expect(info.label).toMatch(/protects nothing.*can read every room/);
});

test("its fingerprint is the one that a page shows", async () => {
  const platform = await softwarePlatform({ directory: join(base, "a") });
  const evidence = decodeEvidence(await platform.quote(reportData));
  const verified = await verify(evidence, { roots: rootsFor(developmentPolicy, evidence), now: clock(), primitives });
  expect((await platform.info()).fingerprint).toBe(verified.root.fingerprint);
  expect(isDevelopmentRoot(rootOf(evidence))).toBe(true);
  expect(appraise(verified, developmentPolicy, { now: clock(), loopback: true })).toMatchObject({ development: true });
});

test("the seed is made once, complete, and readable by its owner only", async () => {
  const directory = join(base, "fresh", "nested");
  const platforms = await Promise.all(Array.from({ length: 8 }, () => softwarePlatform({ directory })));
  const prints = await Promise.all(platforms.map(async (platform) => (await platform.info()).fingerprint));
  expect(new Set(prints).size).toBe(1);
  expect(await readdir(directory)).toEqual(["development-seed"]);
  expect((await stat(join(directory, "development-seed"))).mode & 0o777).toBe(0o600);
  expect((await stat(directory)).mode & 0o077).toBe(0);
});

test("a machine's root is its own: two directories never share one", async () => {
  const prints = await Promise.all(
    ["one", "two", "three"].map(
      async (name) => (await (await softwarePlatform({ directory: join(base, name) })).info()).fingerprint,
    ),
  );
  expect(new Set(prints).size).toBe(3);
});

test.for([
  ["cut short", "ab"],
  ["empty", ""],
  ["something else", `${"z".repeat(64)}\n`],
] as const)("a seed that is %s is refused and left alone", async ([name, text]) => {
  const directory = join(base, `damaged ${name}`);
  await softwarePlatform({ directory });
  const path = join(directory, "development-seed");
  await writeFile(path, text);
  await expect(softwarePlatform({ directory })).rejects.toMatchObject({ code: "platform-unavailable" });
  expect(await readFile(path, "utf8")).toBe(text);
});

test("a worker that runs for months presents collateral that is in force", async () => {
  let now = 1_772_366_400;
  const platform = platformFromSeed(new Uint8Array(32).fill(1), () => now);
  for (const days of [0, 1, 29, 31, 400]) {
    now += days * 86_400;
    const evidence = decodeEvidence(await platform.quote(reportData));
    await expect(verify(evidence, { roots: [rootOf(evidence)], now, primitives })).resolves.toBeDefined();
    // A client's clock may be off by hours in either direction.
    for (const skew of [-12 * 3600, 12 * 3600]) {
      await expect(verify(evidence, { roots: [rootOf(evidence)], now: now + skew, primitives })).resolves.toBeDefined();
    }
  }
});
