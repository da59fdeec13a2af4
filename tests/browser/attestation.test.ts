/** A browser comes to the same verdicts as Node: on every attack of the corpus, and on what is genuine. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeEvidence, type Evidence, rootOf } from "#attestation/evidence.ts";
import { intelRoot } from "#attestation/intel-root.ts";
import { verify } from "#attestation/verify.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { corpus } from "../attestation/corpus/index.ts";
import { forge, now, pki, primitives, shapes } from "../attestation/forge.ts";
import { genuine, genuineNitroNow, genuineNow, genuineSnpNow } from "../attestation/genuine.ts";
import { goldenOthers } from "../attestation/golden-others.ts";
import type * as attestationPage from "./attestation-page.ts";
import type * as verifyPage from "./verify-page.ts";
import { launchChromium, openModule, plainOrigin, type PageModule } from "./chromium.ts";

type VerifyPage = typeof verifyPage;

const verifyEntry = new URL("verify-page.ts", import.meta.url);

let browser: Browser;
let page: PageModule<VerifyPage>;
beforeAll(async () => {
  browser = await launchChromium();
  page = await openModule<VerifyPage>(browser, verifyEntry);
});
afterAll(() => browser?.close());

describe("the corpus", () => {
  let attacked: PageModule<typeof attestationPage>;
  beforeAll(async () => {
    attacked = await openModule<typeof attestationPage>(browser, new URL("attestation-page.ts", import.meta.url));
  });

  test.for(Object.entries(corpus))("every attack is refused with its own code: %s", async ([group, attacks]) => {
    const expected = Object.fromEntries(attacks.map(({ name, code }) => [name, code]));
    expect(await attacked.call("verdicts", group)).toEqual(expected);
  });
});

/** What Node reads out of evidence, in the form in which a page returns it. */
async function read(evidence: Evidence, root: Uint8Array, at: number): Promise<unknown> {
  const verified = await verify(evidence, { roots: [root], now: at, primitives });
  return { ...verified, reportData: bytesToHex(verified.reportData) };
}

const ask = (evidence: Evidence, root: Uint8Array, at: number): Promise<string> =>
  page.call("judge", bytesToHex(encodeEvidence(evidence)), bytesToHex(root), at);

test.for(shapes)("%s says the same to a page as to Node", async (shape) => {
  const root = pki.root.certificate;
  const said = JSON.parse(await ask(forge({ shape }), root, now)) as unknown;
  expect(said).toEqual(await read(forge({ shape }), root, now));
});

test.for(goldenOthers)("$name says the same to a page as to Node", async ({ evidence, root, now: at, verified }) => {
  expect(JSON.parse(await ask(evidence, root, at))).toEqual(verified);
});

describe.skipIf(genuine.missing !== undefined)(`genuine evidence${genuine.note}`, () => {
  test.for(["tdx", "sgx"] as const)("%s says the same to a page as to Node, and only at its time", async (kind) => {
    const evidence = genuine[kind]();
    expect(JSON.parse(await ask(evidence, intelRoot, genuineNow))).toEqual(await read(evidence, intelRoot, genuineNow));
    expect(await ask(evidence, intelRoot, genuineNow + 7200)).toBe("collateral-expired");
  });

  test("a document of AWS says the same to a page as to Node, and only at its time", async () => {
    const evidence = genuine.nitro();
    const root = rootOf(evidence);
    expect(JSON.parse(await ask(evidence, root, genuineNitroNow))).toEqual(await read(evidence, root, genuineNitroNow));
    expect(await ask(evidence, root, genuineNitroNow + 10_800)).toBe("certificate-expired");
  });

  test("a report of Milan is refused by a page as by Node, after everything else about it was right", async () => {
    const evidence = genuine.sevSnp();
    expect(await ask(evidence, rootOf(evidence), genuineSnpNow)).toBe("processor-broken");
  });
});

test("a page that is not secure says so instead of believing anything", async () => {
  const plain = await openModule<VerifyPage>(browser, verifyEntry, plainOrigin);
  const evidence = bytesToHex(encodeEvidence(forge()));
  expect(await plain.call("judge", evidence, bytesToHex(pki.root.certificate), now)).toBe("insecure-page");
});
