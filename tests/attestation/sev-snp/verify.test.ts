/** Reports under a root of our own: what is good is read as it is, and windows include their ends. */
import { expect, test } from "vitest";
import { decodeEvidence, encodeEvidence } from "#attestation/evidence.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { day, now, reportData, window } from "../forge.ts";
import { forgeSnp, generations, type SnpForgery, tcbs, u32, verifyForgedSnp } from "./forge.ts";

test("a guest says what it is", async () => {
  await expect(verifyForgedSnp()).resolves.toEqual({
    kind: "sev-snp",
    reportVersion: 5,
    reportData,
    root: { fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/), name: "ARK-Genoa, DEVELOPMENT ONLY - NOT INTEL" },
    generation: "Genoa",
    product: "Genoa-B1",
    chipId: "c2".repeat(64),
    measurement: "3e".repeat(48),
    hostData: "4d".repeat(32),
    idKeyDigest: "00".repeat(48),
    authorKeyDigest: "00".repeat(48),
    familyId: "fa".repeat(16),
    imageId: "1a".repeat(16),
    reportId: "1d".repeat(32),
    guestSvn: 7,
    vmpl: 0,
    guest: {
      abi: "1.55",
      smt: true,
      singleSocket: false,
      cxl: false,
      memAes256Xts: false,
      raplDisabled: false,
      ciphertextHiding: false,
      pageSwapDisabled: false,
    },
    platform: {
      smt: true,
      tsme: false,
      ecc: true,
      raplDisabled: false,
      ciphertextHiding: false,
      aliasCheck: true,
      iommuWriteSafe: false,
      tio: false,
    },
    tcb: Object.fromEntries(
      ["current", "reported", "committed", "launch"].map((name) => [
        name,
        { bootLoader: 10, tee: 1, snp: 23, microcode: 84 },
      ]),
    ),
    firmware: { current: "1.55.39", committed: "1.55.39" },
    mitigations: { launch: "0b00000000000000", current: "0b00000000000000" },
    issued: window.issued,
    expires: window.expires,
  });
});

test("a guest of Turin has a fifth security version and a short identifier", async () => {
  await expect(verifyForgedSnp({ generation: "Turin" })).resolves.toMatchObject({
    generation: "Turin",
    product: "Turin",
    chipId: `${"c3".repeat(8)}${"00".repeat(56)}`,
    tcb: { reported: { fmc: 1, bootLoader: 2, tee: 3, snp: 4, microcode: 84 } },
  });
});

test.for<readonly [string, SnpForgery["fields"] & object, object]>([
  [
    "version 2, which does not name the processor",
    { VERSION: u32(2), CPUID: new Uint8Array(3), LAUNCH_MIT_VECTOR: u32(0), CURRENT_MIT_VECTOR: u32(0) },
    { reportVersion: 2 },
  ],
  [
    "version 3, which names no mitigations",
    { VERSION: u32(3), LAUNCH_MIT_VECTOR: u32(0), CURRENT_MIT_VECTOR: u32(0) },
    { reportVersion: 3 },
  ],
  ["a signed identity", { ID_KEY_DIGEST: new Uint8Array(48).fill(9) }, { idKeyDigest: "09".repeat(48) }],
  [
    "an author's key",
    { KEY_INFO: u32(1), AUTHOR_KEY_DIGEST: new Uint8Array(48).fill(8) },
    { authorKeyDigest: "08".repeat(48) },
  ],
  ["another privilege level", { VMPL: u32(3) }, { vmpl: 3 }],
  [
    "every protection that a guest can ask for",
    { POLICY: hexToBytes("3701920300000000"), PLATFORM_INFO: hexToBytes("7e00000000000000") },
    {
      guest: { smt: false, singleSocket: true, raplDisabled: true, ciphertextHiding: true, pageSwapDisabled: true },
      platform: { smt: false, tsme: true, ecc: true, raplDisabled: true, ciphertextHiding: true, iommuWriteSafe: true },
    },
  ],
  [
    "firmware that was not committed yet, and is not reported either",
    { CURRENT_TCB: hexToBytes("0b01000000001855"), CURRENT_VERSION: Uint8Array.of(40, 55, 1, 0) },
    { tcb: { current: { bootLoader: 11, snp: 24 }, reported: { bootLoader: 10 } }, firmware: { current: "1.55.40" } },
  ],
])("%s is read", async ([, fields, expected]) => {
  const verified = await verifyForgedSnp({ fields });
  expect(verified).toMatchObject(expected);
  expect(verified.mitigations !== undefined).toBe(verified.reportVersion === 5);
});

test.for([
  ["the last second", window.expires, undefined],
  ["one second too late", window.expires + 1, "crl-expired"],
  ["the first second", window.issued, undefined],
  ["one second too early", window.issued - 1, "crl-expired"],
] as const)("a list's window includes its ends: %s", async ([, at, code]) => {
  const verified = verifyForgedSnp({}, at);
  await (code === undefined
    ? expect(verified).resolves.toBeDefined()
    : expect(verified).rejects.toMatchObject({ code }));
});

test("a report ends with the first certificate that it hangs from", async () => {
  for (const holder of ["ark", "ask", "vcek"] as const) {
    const certificates = { [holder]: { notAfter: now + day } };
    await expect(verifyForgedSnp({ certificates })).resolves.toMatchObject({ expires: now + day });
  }
});

test.for(generations)("%s encodes to bytes that decode to the same", async (generation) => {
  const evidence = await forgeSnp({ generation });
  expect(decodeEvidence(encodeEvidence(evidence))).toEqual(evidence);
  expect(bytesToHex(evidence.quote)).toContain(bytesToHex(tcbs[generation]));
});
