/** Which roots count, what a window is, and what is no forgery though it looks like one. */
import { expect, test } from "vitest";
import { intelRoot } from "#attestation/intel-root.ts";
import { verify } from "#attestation/verify.ts";
import { createQuotingEnclave } from "#enclave/platform/development/quoting-enclave.ts";
import { developmentEnclave } from "#enclave/platform/development/sgx-quote.ts";
import { developmentTd } from "#enclave/platform/development/tdx-quote.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { otherPki } from "./corpus/certificates.ts";
import {
  day,
  forge,
  type Forgery,
  now,
  pki,
  primitives,
  reissue,
  reportData,
  seed,
  shapes,
  strangersKey,
  verifyForged,
  window,
} from "./forge.ts";

test.for([
  ["Intel's", [intelRoot]],
  ["another development root", [otherPki.root.certificate]],
  ["none", []],
  ["a prefix of the right one", [pki.root.certificate.subarray(0, -1)]],
] as const)("untrusted-root: %s", async ([, roots]) => {
  await expect(verify(forge(), { roots, now, primitives })).rejects.toMatchObject({ code: "untrusted-root" });
});

test("a root with the right names and another key is not the pinned one", async () => {
  const impostor = reissue("root", { publicKey: strangersKey.public }, strangersKey);
  const evidence = forge({ pki: impostor });
  await expect(verify(evidence, { roots: [pki.root.certificate], now, primitives })).rejects.toMatchObject({
    code: "untrusted-root",
  });
});

test.for([
  ["the last second", window.expires, undefined],
  ["one second too late", window.expires + 1, "crl-expired"],
  ["the first second", window.issued, undefined],
  ["one second too early", window.issued - 1, "crl-expired"],
] as const)("a window includes its ends: %s", async ([, at, code]) => {
  const verified = verifyForged({}, at);
  await (code === undefined
    ? expect(verified).resolves.toBeDefined()
    : expect(verified).rejects.toMatchObject({ code }));
});

test.for(shapes)("%s: zero bytes after the quote are padding", async (shape) => {
  const padded = (quote: Uint8Array) => Uint8Array.of(...quote, ...new Uint8Array(3000));
  await expect(verifyForged({ shape, quote: padded })).resolves.toEqual(await verifyForged({ shape }));
});

test("one zero byte ends a PCK chain, as Intel's library writes it", async () => {
  const { chain } = createQuotingEnclave(pki, seed);
  await expect(verifyForged({ enclave: { chain: `${chain}\0` } })).resolves.toEqual(await verifyForged());
});

test("levels are matched best first, in whatever order they were signed", async () => {
  const tcbInfo = (info: { tcbLevels: readonly object[] }) => ({ ...info, tcbLevels: [...info.tcbLevels].reverse() });
  await expect(verifyForged({ tcbInfo })).resolves.toMatchObject({ tcb: { status: "UpToDate", advisories: [] } });
});

test("what was judged when a TD was launched is not made better by an update under it, nor the other way round", async () => {
  const outdated = (svn: number): Forgery => ({
    shape: "tdx5-later",
    tcbInfo: (info) => ({
      ...info,
      tdxModuleIdentities: info.tdxModuleIdentities.map((module) => {
        const [level] = module.tcbLevels;
        const others = [4, 5, 6].filter((other) => other !== svn).map((isvsvn) => ({ ...level, tcb: { isvsvn } }));
        return { ...module, tcbLevels: [...others, { ...level, tcb: { isvsvn: svn }, tcbStatus: "OutOfDate" }] };
      }),
    }),
  });
  // Version 5 at launch, version 6 now.
  for (const svn of [5, 6]) {
    await expect(verifyForged(outdated(svn))).resolves.toMatchObject({ tcb: { status: "OutOfDate" } });
  }
  await expect(verifyForged(outdated(4))).resolves.toMatchObject({ tcb: { status: "UpToDate" } });
});

test("an enclave says what it is", async () => {
  const report = { isvProdId: 300, isvSvn: 7, configId: new Uint8Array(64).fill(5), configSvn: 258 };
  await expect(verifyForged({ shape: "sgx3", report })).resolves.toMatchObject({
    kind: "sgx",
    quoteVersion: 3,
    reportData,
    enclave: {
      mrenclave: bytesToHex(developmentEnclave(reportData).mrEnclave),
      mrsigner: bytesToHex(developmentEnclave(reportData).mrSigner),
      isvProdId: 300,
      isvSvn: 7,
      attributes: "0500000000000000e700000000000000",
      miscSelect: "00000000",
      configId: "05".repeat(64),
      configSvn: 258,
    },
  });
});

test("a TD says what it is", async () => {
  const td = {
    mrConfigId: new Uint8Array(48).fill(1),
    mrOwner: new Uint8Array(48).fill(2),
    mrOwnerConfig: new Uint8Array(48).fill(3),
  };
  await expect(verifyForged({ shape: "tdx5-later", td })).resolves.toMatchObject({
    kind: "tdx",
    quoteVersion: 5,
    reportData,
    measurements: {
      mrtd: bytesToHex(developmentTd(reportData).mrTd),
      rtmr3: bytesToHex(developmentTd(reportData).rtmr[3]),
    },
    configuration: { id: "01".repeat(48), owner: "02".repeat(48), ownerConfiguration: "03".repeat(48) },
  });
});

test("evidence ends with the first thing it hangs from", async () => {
  const certified = { notBefore: now - day, notAfter: now + day };
  for (const part of ["root", "pckCa", "pck", "tcbSigner"] as const) {
    await expect(verifyForged({ pki: reissue(part, certified) })).resolves.toMatchObject({ expires: now + day });
  }
  await expect(verifyForged()).resolves.toMatchObject({ issued: window.issued, expires: window.expires });
});
