/** What AMD really signs: a report of Milan, and the roots, lists and certificates of its service. */
import { describe, expect, test } from "vitest";
import { amdRootFingerprints } from "#attestation/amd-roots.ts";
import { amdAuthority, openSnpChain } from "#attestation/sev-snp/chain.ts";
import { parseSnpReport } from "#attestation/sev-snp/report.ts";
import { checkReport } from "#attestation/sev-snp/verify.ts";
import { readTcbs } from "#attestation/sev-snp/tcb.ts";
import { verify } from "#attestation/verify.ts";
import { openRoot } from "#attestation/x509/chain.ts";
import { fingerprintOf } from "#attestation/x509/pick-root.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { flip, primitives } from "../forge.ts";
import { genuine, genuineSnpNow as now } from "../genuine.ts";
import { amdService } from "./service.ts";

const setting = { now, primitives };
const { Genoa, Turin } = amdService;
const year = 366 * 86_400;

test.for(["Genoa", "Turin"] as const)("the root that is pinned for %s is AMD's, and signed its list", async (name) => {
  const { ark, crl } = amdService[name];
  expect(fingerprintOf(ark)).toBe(amdRootFingerprints[name]);
  const root = await openRoot(ark, crl, setting, amdAuthority);
  expect(root.certificate.subject).toMatchObject({
    commonName: `ARK-${name}`,
    organisation: "Advanced Micro Devices",
  });
});

test("AMD has withdrawn an intermediate before", async () => {
  const { list } = await openRoot(Genoa.ark, Genoa.crl, setting, amdAuthority);
  expect([...list.revoked]).toEqual(["020001"]);
});

test("a list is of one root, and of its time", async () => {
  await expect(openRoot(Genoa.ark, Turin.crl, setting, amdAuthority)).rejects.toMatchObject({ code: "crl-signature" });
  const later = { ...setting, now: now + year };
  await expect(openRoot(Genoa.ark, Genoa.crl, later, amdAuthority)).rejects.toMatchObject({ code: "crl-expired" });
});

test("a processor of Turin has a short identifier and a fifth security version", async () => {
  const { extensions } = await openSnpChain(Turin, [Turin.ark], setting);
  expect({ ...extensions, tcb: bytesToHex(extensions.tcb), chip: bytesToHex(extensions.chip) }).toEqual({
    product: "Turin",
    generation: "Turin",
    tcb: "0000000000000009",
    chip: "1e550a8ee5cf9f4d",
  });
});

describe.skipIf(genuine.missing !== undefined)(`genuine evidence${genuine.note}`, () => {
  const verifyAt = (at: number) => {
    const evidence = genuine.sevSnp();
    return verify(evidence, { roots: [evidence.collateral.ark], now: at, primitives });
  };

  test("a report of Milan is genuine down to AMD's root, and says so much", async () => {
    const { quote, collateral } = genuine.sevSnp();
    const signed = parseSnpReport(quote);
    const chain = await openSnpChain(collateral, [collateral.ark], setting);
    await checkReport(signed, chain, { primitives });
    expect(fingerprintOf(collateral.ark)).toBe("69d063b45344d26a2e94e1f4210de49ef555308287d4c174445c95639a540bcd");
    expect(chain.extensions).toMatchObject({ product: "Milan-B0", generation: "Milan" });
    expect(signed.report).toMatchObject({
      version: 5,
      guestSvn: 0,
      policy: 0x3_0000n,
      vmpl: 1,
      platformInfo: 0x25n,
      keyInfo: 0,
      cpuid: [0x19, 1, 1],
      currentFirmware: { major: 1, minor: 55, build: 35 },
      committedFirmware: { major: 1, minor: 55, build: 35 },
    });
    expect(bytesToHex(signed.report.measurement)).toBe(
      "b747d55452e0b9e9079770a49e397c5e6d9573581e246da7baac4f28b5cdc5b1b6d19251b8ee600fd16a3708f58406f3",
    );
    const tcb = { bootLoader: 4, tee: 0, snp: 27, microcode: 222 };
    expect(readTcbs(signed.report, "Milan")).toEqual({ current: tcb, reported: tcb, committed: tcb, launch: tcb });
  });

  test("and is refused all the same, by the name of its generation and after everything else", async () => {
    await expect(verifyAt(now)).rejects.toMatchObject({ code: "processor-broken" });
  });

  test.for([
    ["a year later", now + year, "crl-expired"],
    ["before the list", Date.UTC(2026, 7, 19, 14, 19, 22) / 1000, "crl-expired"],
    ["in the first second of the list", Date.UTC(2026, 7, 19, 14, 19, 23) / 1000, "processor-broken"],
    ["in the last", Date.UTC(2026, 9, 4) / 1000, "processor-broken"],
    ["behind it", Date.UTC(2026, 9, 4) / 1000 + 1, "crl-expired"],
    ["when AMD's root is not valid any more", Date.UTC(2046, 0, 1) / 1000, "certificate-expired"],
  ] as const)("%s it has its code", async ([, at, code]) => {
    await expect(verifyAt(at)).rejects.toMatchObject({ code });
  });

  test("one bit of it changed is noticed before that", async () => {
    const evidence = genuine.sevSnp();
    const roots = [evidence.collateral.ark];
    for (const [at, code] of [
      [0x50, "quote-signature"],
      [0x90, "quote-signature"],
      [0x1a0, "collateral-mismatch"],
      [0x2a0, "quote-signature"],
    ] as const) {
      const changed = { ...evidence, quote: flip(evidence.quote, at) };
      await expect(verify(changed, { roots, now, primitives })).rejects.toMatchObject({ code });
    }
  });

  test("the pinned roots do not vouch for it", async () => {
    const roots = [Genoa.ark, Turin.ark];
    await expect(verify(genuine.sevSnp(), { roots, now, primitives })).rejects.toMatchObject({
      code: "untrusted-root",
    });
  });
});
