/** Every way in which evidence can be wrong, by the code with which it is refused. */
import { expect, test } from "vitest";
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { intelRoot } from "#attestation/intel-root.ts";
import { verify } from "#attestation/verify.ts";
import { keyUsages } from "#attestation/x509/certificate.ts";
import { issueCertificate, issueCrl, signRaw } from "#enclave/platform/development/certificates.ts";
import { crlOf, signText } from "#enclave/platform/development/collateral.ts";
import { oid, sequence } from "#enclave/platform/development/der.ts";
import { createPki, type DevelopmentPki } from "#enclave/platform/development/pki.ts";
import {
  day,
  enclave,
  enclaveWith,
  flip,
  forge,
  type Forgery,
  now,
  pemOf,
  pki,
  primitives,
  reissue,
  strangersKey,
  verifyForged,
  window,
} from "./forge.ts";

type Case = readonly [code: AttestationErrorCode, what: string, forgery: Forgery];

const otherPki = createPki(new Uint8Array(32).fill(9));
const past = { notBefore: now - 10 * day, notAfter: now - 1 };
const future = { notBefore: now + 1, notAfter: now + 10 * day };
const level0 = <T extends { tcbLevels: readonly object[] }>(statement: T, change: object): T => ({
  ...statement,
  tcbLevels: [{ ...statement.tcbLevels[0], ...change }],
});
const hexFlip = (hex: string): string => (hex.startsWith("0") ? "1" : "0") + hex.slice(1);
const attributes = (hex: string) => ({ td: { tdAttributes: Uint8Array.from(Buffer.from(hex, "hex")) } });
const xfam = (hex: string) => ({ td: { xfam: Uint8Array.from(Buffer.from(hex, "hex")) } });

test("what is not forged in any way is verified", async () => {
  await expect(verifyForged()).resolves.toMatchObject({ tcb: { status: "UpToDate", advisories: [] } });
});

const chains: readonly Case[] = [
  ["certificate-chain", "a TCB signing chain of one", { collateral: (c) => ({ tcbInfoChain: [c.tcbInfoChain[1]!] }) }],
  [
    "certificate-chain",
    "a TCB signing chain with something in between",
    { collateral: (c, p) => ({ tcbInfoChain: [p.tcbSigner.certificate, p.pckCa.certificate, c.tcbInfoChain[1]!] }) },
  ],
  [
    "certificate-chain",
    "chains with different roots",
    { collateral: (_, p) => ({ qeIdentityChain: [p.tcbSigner.certificate, otherPki.root.certificate] }) },
  ],
  ["certificate-chain", "a PCK that names another issuer", { pki: reissue("pck", { issuer: "Another CA" }) }],
  [
    "certificate-chain",
    "a PCK leaf used as a CA",
    {
      enclave: {
        chain: pemOf(
          issueCertificate({ ...pki.pck.template, issuer: pki.pck.template.subject }, pki.pck.key),
          pki.pck.certificate,
          pki.root.certificate,
        ),
      },
    },
  ],
  [
    "certificate-malformed",
    "a PCK chain of two",
    { enclave: { chain: pemOf(pki.pck.certificate, pki.root.certificate) } },
  ],
  ["certificate-signature", "a PCK signed by a stranger", { pki: reissue("pck", {}, strangersKey) }],
  ["certificate-signature", "a PCK CA signed by a stranger", { pki: reissue("pckCa", {}, strangersKey) }],
  ["certificate-signature", "a TCB signer signed by a stranger", { pki: reissue("tcbSigner", {}, strangersKey) }],
  ["certificate-signature", "a root that did not sign itself", { pki: reissue("root", {}, strangersKey) }],
  ["certificate-expired", "a PCK of the past", { pki: reissue("pck", past) }],
  ["certificate-expired", "a PCK CA of the past", { pki: reissue("pckCa", past) }],
  ["certificate-expired", "a TCB signer of the past", { pki: reissue("tcbSigner", past) }],
  ["certificate-expired", "a root of the past", { pki: reissue("root", past) }],
  ["certificate-expired", "a PCK of the future", { pki: reissue("pck", future) }],
  ["certificate-revoked", "a PCK that was withdrawn", { revoked: ["pck"] }],
  ["certificate-revoked", "a PCK CA that was withdrawn", { revoked: ["pckCa"] }],
  ["certificate-revoked", "a TCB signer that was withdrawn", { revoked: ["tcbSigner"] }],
  ["certificate-revoked", "a root that was withdrawn", { revoked: ["root"] }],
];

const { ca: _, ...noCa } = pki.pckCa.template;
const { ca: __, ...noRootCa } = pki.root.template;
const roles: readonly Case[] = [
  [
    "certificate-role",
    "a PCK CA that is no CA",
    { pki: { ...pki, pckCa: { ...pki.pckCa, certificate: issueCertificate(noCa, pki.root.key) } } },
  ],
  [
    "certificate-role",
    "a root that is no CA",
    {
      pki: {
        ...pki,
        root: { ...pki.root, certificate: issueCertificate(noRootCa, pki.root.key) },
      },
    },
  ],
  [
    "certificate-role",
    "a TCB signer used as a PCK CA",
    {
      enclave: {
        chain: pemOf(
          issueCertificate({ ...pki.pck.template, issuer: pki.tcbSigner.template.subject }, pki.tcbSigner.key),
          pki.tcbSigner.certificate,
          pki.root.certificate,
        ),
      },
    },
  ],
  [
    "certificate-role",
    "a PCK CA that may not sign certificates",
    { pki: reissue("pckCa", { usage: keyUsages.crlSign }) },
  ],
  ["certificate-role", "a PCK CA that may not sign lists", { pki: reissue("pckCa", { usage: keyUsages.keyCertSign }) }],
  ["certificate-role", "a root that may not sign lists", { pki: reissue("root", { usage: keyUsages.keyCertSign }) }],
  ["certificate-role", "a root below which no CA may stand", { pki: reissue("root", { ca: { pathLength: 0 } }) }],
  ["certificate-role", "a PCK that is a CA", { pki: reissue("pck", { ca: { pathLength: 0 } }) }],
  ["certificate-role", "a PCK that may not sign", { pki: reissue("pck", { usage: keyUsages.keyCertSign }) }],
  ["certificate-role", "a PCK without Intel's extension", { pki: reissue("pck", { extensions: [] }) }],
  ["certificate-role", "a TCB signer that is a CA", { pki: reissue("tcbSigner", { ca: { pathLength: 0 } }) }],
  [
    "certificate-role",
    "a machine's certificate used as TCB signer",
    { pki: reissue("tcbSigner", { extensions: pki.pck.template.extensions! }) },
  ],
  ["certificate-role", "a TCB signer by another name", { pki: reissue("tcbSigner", { subject: "Something else" }) }],
  ["certificate-role", "a PCK CA by another name", { pki: renamedPckCa() }],
  [
    "certificate-malformed",
    "a PCK extension that is damaged",
    { pki: reissue("pck", { extensions: [[pki.pck.template.extensions![0]![0], sequence(oid("2a"))]] }) },
  ],
];

function renamedPckCa(): DevelopmentPki {
  const renamed = reissue("pckCa", { subject: "Another CA" });
  const template = { ...pki.pck.template, issuer: "Another CA" };
  return { ...renamed, pck: { ...pki.pck, template, certificate: issueCertificate(template, pki.pckCa.key) } };
}

const lists: readonly Case[] = [
  ["crl-signature", "a PCK list by another issuer", { collateral: (c) => ({ pckCrl: c.rootCrl }) }],
  ["crl-signature", "a root list by another issuer", { collateral: (c) => ({ rootCrl: c.pckCrl }) }],
  [
    "crl-signature",
    "a list signed by the right key under another name",
    {
      collateral: () => ({
        pckCrl: issueCrl(
          { issuer: "Another CA", thisUpdate: window.issued, nextUpdate: window.expires, revoked: [] },
          pki.pckCa.key,
        ),
      }),
    },
  ],
  [
    "crl-signature",
    "a list signed by a stranger under the right name",
    { collateral: (_, p) => ({ pckCrl: crlOf({ ...p.pckCa, key: strangersKey }, window) }) },
  ],
  ["crl-malformed", "a list that is garbage", { collateral: () => ({ rootCrl: Uint8Array.of(1, 2, 3) }) }],
  ["crl-malformed", "a certificate instead of a list", { collateral: (_, p) => ({ pckCrl: p.pckCa.certificate }) }],
  [
    "crl-expired",
    "a list of the past",
    { collateral: (_, p) => ({ pckCrl: crlOf(p.pckCa, { issued: now - 40 * day, expires: now - 1 }) }) },
  ],
  [
    "crl-expired",
    "a list of the future",
    { collateral: (_, p) => ({ rootCrl: crlOf(p.root, { issued: now + 1, expires: now + day }) }) },
  ],
];

const statements: readonly Case[] = [
  [
    "tcb-info-signature",
    "TCB info that was edited",
    { collateral: (c) => ({ tcbInfo: c.tcbInfo.replace("OutOfDate", "UpToDate ") }) },
  ],
  [
    "tcb-info-signature",
    "TCB info signed by the PCK",
    { collateral: (c, p) => ({ tcbInfoSignature: signText(c.tcbInfo, p.pck) }) },
  ],
  ["tcb-info-signature", "signatures swapped", { collateral: (c) => ({ tcbInfoSignature: c.qeIdentitySignature }) }],
  ["qe-identity-signature", "QE identity {}", { collateral: () => ({ qeIdentity: "{}" }) }],
  [
    "collateral-expired",
    "TCB info of the past",
    { tcbInfo: (info) => ({ ...info, nextUpdate: "2026-03-01T11:59:59Z" }) },
  ],
  [
    "collateral-expired",
    "QE identity of the future",
    { qeIdentity: (identity) => ({ ...identity, issueDate: "2026-03-01T12:00:01Z" }) },
  ],
  ["collateral-mismatch", "TCB info of another model", { tcbInfo: (info) => ({ ...info, fmspc: "00".repeat(6) }) }],
  ["collateral-mismatch", "TCB info of another PCE", { tcbInfo: (info) => ({ ...info, pceId: "0001" }) }],
  ["collateral-mismatch", "TCB info of SGX", { tcbInfo: (info) => ({ ...info, id: "SGX" }) }],
  ["collateral-mismatch", "QE identity of SGX", { qeIdentity: (identity) => ({ ...identity, id: "QE" }) }],
  ["collateral-malformed", "TCB info of version 2", { tcbInfo: (info) => ({ ...info, version: 2 }) }],
  ["collateral-malformed", "TCB of an unknown type", { tcbInfo: (info) => ({ ...info, tcbType: 1 }) }],
  ["collateral-malformed", "a status nobody knows", { tcbInfo: (info) => level0(info, { tcbStatus: "Splendid" }) }],
  [
    "collateral-malformed",
    "a date that does not exist",
    { tcbInfo: (info) => ({ ...info, issueDate: "2026-02-30T00:00:00Z" }) },
  ],
  [
    "collateral-malformed",
    "fifteen components",
    {
      tcbInfo: (info) => {
        const [level] = info.tcbLevels as [(typeof info.tcbLevels)[0]];
        return level0(info, { tcb: { ...level.tcb, sgxtcbcomponents: level.tcb.sgxtcbcomponents.slice(1) } });
      },
    },
  ],
  ["collateral-malformed", "a list instead of an object", { tcbInfo: () => [] }],
];

const quoting: readonly Case[] = [
  [
    "qe-report-signature",
    "a QE report signed by a stranger",
    { enclave: { reportSignature: signRaw(enclave.report, strangersKey) } },
  ],
  ["qe-report-data", "an attestation key that nobody certified", { enclave: { attestationKey: strangersKey } }],
  ["qe-report-data", "other authentication data", { enclave: { authenticationData: new Uint8Array(32) } }],
  ["qe-report-data", "something in the second half", { enclave: enclaveWith((report) => report.fill(1, 383)) }],
  ["qe-identity", "a debug QE", { enclave: enclaveWith((report) => (report[48]! |= 2)) }],
  [
    "qe-identity",
    "a debug QE that its identity would let pass",
    {
      enclave: enclaveWith((report) => (report[48]! |= 2)),
      qeIdentity: (id) => ({ ...id, attributesMask: "00".repeat(16) }),
    },
  ],
  ["qe-identity", "a QE by another signer", { qeIdentity: (id) => ({ ...id, mrsigner: hexFlip(id.mrsigner) }) }],
  ["qe-identity", "another product of the signer", { qeIdentity: (id) => ({ ...id, isvprodid: 1 }) }],
  ["qe-identity", "a QE with other attributes", { enclave: enclaveWith((report) => (report[50]! |= 1)) }],
  ["qe-identity", "a QE with other MISCSELECT", { enclave: enclaveWith((report) => (report[16] = 1)) }],
  ["qe-identity", "a QE older than every level", { qeIdentity: (id) => level0(id, { tcb: { isvsvn: 5 } }) }],
  ["quote-signature", "report data changed afterwards", { quote: (quote) => flip(quote, 48 + 584 - 1) }],
  ["quote-signature", "user data changed afterwards", { quote: (quote) => flip(quote, 47) }],
  ["quote-signature", "a damaged signature", { quote: (quote) => flip(quote, 48 + 584 + 4) }],
];

const versions: readonly Case[] = [
  ["tcb-unknown", "a machine below every level", { tcbInfo: (info) => ({ ...info, tcbLevels: [] }) }],
  ["tcb-unknown", "a PCE below every level", { tcbInfo: (info) => levelOf(info, { pcesvn: 12 }) }],
  [
    "tcb-unknown",
    "a TD component below every level",
    { td: { teeTcbSvn: Uint8Array.of(5, 1, 1, ...new Uint8Array(13)) } },
  ],
  [
    "tcb-revoked",
    "a machine whose version was withdrawn",
    { tcbInfo: (info) => level0(info, { tcbStatus: "Revoked" }) },
  ],
  ["tcb-revoked", "a QE whose version was withdrawn", { qeIdentity: (id) => level0(id, { tcbStatus: "Revoked" }) }],
  ["tdx-module", "a module of unknown version", { td: { teeTcbSvn: Uint8Array.of(5, 2, 2, ...new Uint8Array(13)) } }],
  [
    "tdx-module",
    "a module older than every level",
    { td: { teeTcbSvn: Uint8Array.of(4, 1, 2, ...new Uint8Array(13)) } },
  ],
  ["tdx-module", "a module by another signer", { td: { mrSignerSeam: new Uint8Array(48).fill(1) } }],
  ["tdx-module", "a module with other attributes", { td: { seamAttributes: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) } }],
];

function levelOf<T extends { tcbLevels: readonly { tcb: object }[] }>(info: T, change: object): T {
  return { ...info, tcbLevels: [{ ...info.tcbLevels[0], tcb: { ...info.tcbLevels[0]!.tcb, ...change } }] };
}

const started: readonly Case[] = [
  ["debug-enclave", "a debug TD", attributes("0100001000000000")],
  ["debug-enclave", "a TD that is profiled from outside", attributes("2000001000000000")],
  ["td-attributes", "a TD without SEPT_VE_DISABLE", attributes("0000000000000000")],
  ["td-attributes", "a TD that can be migrated", attributes("0000003000000000")],
  ["td-attributes", "a reserved bit", attributes("0001001000000000")],
  ["td-attributes", "a reserved bit of the upper half", attributes("0000001001000000")],
  ["td-attributes", "XFAM without SSE", xfam("e502060000000000")],
  ["td-attributes", "XFAM with an unknown bit", xfam("e702060000000080")],
];

/** A quote with one byte more in its authentication data, inside or after the certification of the attestation key. */
function longer(quote: Uint8Array, inside: boolean): Uint8Array {
  const copy = Uint8Array.of(...quote, 0);
  const view = new DataView(copy.buffer);
  const lengths = inside ? [48 + 584, 48 + 584 + 4 + 128 + 2] : [48 + 584];
  for (const at of lengths) view.setUint32(at, view.getUint32(at, true) + 1, true);
  return copy;
}

const bytes: readonly Case[] = [
  ["quote-malformed", "a quote cut short", { quote: (quote) => quote.subarray(0, -1) }],
  ["quote-malformed", "an empty quote", { quote: () => new Uint8Array(0) }],
  ["quote-malformed", "something after the quote", { quote: (quote) => Uint8Array.of(...quote, 0, 1) }],
  ["quote-malformed", "reserved bytes in the header", { quote: (quote) => flip(quote, 8) }],
  ["quote-malformed", "a length that is too small", { quote: (quote) => flip(quote, 48 + 584) }],
  ["quote-malformed", "bytes after the PCK chain", { quote: (quote) => longer(quote, true) }],
  ["quote-malformed", "bytes after the certification", { quote: (quote) => longer(quote, false) }],
  ["evidence-unsupported", "quote version 3", { quote: (quote) => flip(quote, 0, 7) }],
  ["evidence-unsupported", "another key type", { quote: (quote) => flip(quote, 2) }],
  ["evidence-unsupported", "another TEE", { quote: (quote) => flip(quote, 4, 0x80) }],
  ["evidence-unsupported", "another vendor", { quote: (quote) => flip(quote, 12) }],
  ["evidence-unsupported", "a quote without the QE's report", { quote: (quote) => flip(quote, 48 + 584 + 4 + 128) }],
  [
    "evidence-unsupported",
    "a quote without the PCK chain",
    { quote: (quote) => flip(quote, 48 + 584 + 4 + 128 + 6 + 384 + 64 + 2 + 32) },
  ],
  ["certificate-malformed", "a PCK chain that is no PEM", { enclave: { chain: "hello" } }],
];

test.for([...chains, ...roles, ...lists, ...statements, ...quoting, ...versions, ...started, ...bytes])(
  "%s: %s",
  async ([code, , forgery]) => {
    await expect(verifyForged(forgery)).rejects.toMatchObject({ name: "AttestationError", code });
  },
);

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

test("zero bytes after the quote are padding", async () => {
  const padded = (quote: Uint8Array) => Uint8Array.of(...quote, ...new Uint8Array(100));
  await expect(verifyForged({ quote: padded })).resolves.toBeDefined();
});
