/** Reports about guests of AMD SEV-SNP under a root of our own, good or bad in one place of the test's choice. */
import type { AmdCollateral, SevSnpEvidence } from "#attestation/evidence.ts";
import type { Generation } from "#attestation/sev-snp/tcb.ts";
import type { VerifiedSevSnp } from "#attestation/verified.ts";
import { verify } from "#attestation/verify.ts";
import { keyUsages } from "#attestation/x509/certificate.ts";
import { tags } from "#attestation/x509/der.ts";
import { element, small } from "#enclave/platform/development/der.ts";
import { concatBytes, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { day, now, primitives, reportData, window } from "../forge.ts";
import {
  authorityExtensions,
  curveSigner,
  type Extension,
  issue,
  issueList,
  type ListTemplate,
  pssAlgorithmWithTrailer,
  rsaSigner,
  type Signer,
  type Template,
} from "../issue.ts";
import { encodeReport, type FieldName, signedLength } from "./layout.ts";
import { arkPkcs8, askPkcs8 } from "./rsa-keys.ts";

export const [ark, ask] = [rsaSigner(arkPkcs8), rsaSigner(askPkcs8)];
export const vcek = curveSigner(1);
export const stranger = curveSigner(2);

export type Holder = "ark" | "ask" | "vcek";

const holders: Readonly<Record<Holder, Signer>> = { ark, ask, vcek };

/** One of each layout: a 64-byte identifier and four versions, and an 8-byte identifier and five. */
export const generations = ["Genoa", "Turin"] as const;

const identifiers: Readonly<Record<Generation, Uint8Array>> = {
  Milan: new Uint8Array(64).fill(0xc1),
  Genoa: new Uint8Array(64).fill(0xc2),
  Turin: new Uint8Array(8).fill(0xc3),
};

/** As a report spells them: boot loader 10, TEE 1, SNP 23, microcode 84; since Turin FMC 1, boot loader 2, TEE 3, SNP 4. */
export const tcbs: Readonly<Record<Generation, Uint8Array>> = {
  Milan: hexToBytes("0a01000000001754"),
  Genoa: hexToBytes("0a01000000001754"),
  Turin: hexToBytes("0102030400000054"),
};

const processors: Readonly<Record<Generation, Uint8Array>> = {
  Milan: Uint8Array.of(0x19, 0x01, 0x01),
  Genoa: Uint8Array.of(0x19, 0x11, 0x01),
  Turin: Uint8Array.of(0x1a, 0x02, 0x01),
};

/** Arcs of the VCEK's security versions in the order of the report's bytes. */
const arcs: Readonly<Record<Generation, readonly number[]>> = {
  Milan: [1, 2, 4, 5, 6, 7, 3, 8],
  Genoa: [1, 2, 4, 5, 6, 7, 3, 8],
  Turin: [9, 1, 2, 3, 5, 6, 7, 8],
};

export const amdArc = "2b060104019c7801";

export const ia5 = (text: string): Uint8Array => element(tags.ia5String, utf8ToBytes(text));

/** AMD's extensions, as certified for the machine of the tests. */
export const vcekExtensions = (generation: Generation): readonly Extension[] => [
  [`${amdArc}01`, small(generation === "Turin" ? 1 : 0)],
  [`${amdArc}02`, ia5(generation === "Turin" ? "Turin" : `${generation}-B1`)],
  ...arcs[generation].map((arc, i): Extension => [`${amdArc}030${arc}`, small(tcbs[generation][i]!)]),
  [`${amdArc}04`, identifiers[generation]],
];

const validity = { notBefore: now - 300 * day, notAfter: now + 7000 * day };

export function templatesOf(generation: Generation): Readonly<Record<Holder, Template>> {
  const [root, intermediate] = [`ARK-${generation}`, `SEV-${generation}`];
  const { keyCertSign, crlSign } = keyUsages;
  return {
    ark: {
      serial: Uint8Array.of(2, 0, 0),
      issuer: root,
      subject: root,
      ...validity,
      extensions: authorityExtensions(keyCertSign | crlSign),
    },
    ask: {
      serial: Uint8Array.of(2, 0, 1),
      issuer: root,
      subject: intermediate,
      ...validity,
      extensions: authorityExtensions(keyCertSign, 0),
    },
    vcek: {
      serial: Uint8Array.of(0),
      issuer: intermediate,
      subject: "SEV-VCEK",
      ...validity,
      extensions: vcekExtensions(generation),
    },
  };
}

export interface SnpForgery {
  readonly generation?: Generation;
  /** Fields of the report, before it is signed. */
  readonly fields?: Partial<Record<FieldName, Uint8Array>>;
  /** Changes to the report's bytes after it was signed. */
  readonly quote?: (quote: Uint8Array) => Uint8Array;
  /** Who signs the report. */
  readonly reporter?: typeof vcek;
  /** Certificates with other contents. */
  readonly certificates?: Partial<Record<Holder, Partial<Template>>>;
  /** Certificates signed by somebody else. */
  readonly signers?: Partial<Record<Holder, Signer>>;
  readonly list?: Partial<ListTemplate>;
  readonly lister?: Signer;
  readonly collateral?: (collateral: AmdCollateral) => Partial<AmdCollateral>;
}

/** AMD wrote the trailer field into its authorities' certificates, and leaves it out since. */
const spellings: Readonly<Record<Holder, Signer>> = {
  ark: { ...ark, algorithm: pssAlgorithmWithTrailer },
  ask: { ...ark, algorithm: pssAlgorithmWithTrailer },
  vcek: ask,
};

async function certificate(holder: Holder, { generation = "Genoa", certificates, signers }: SnpForgery) {
  const template = { ...templatesOf(generation)[holder], ...certificates?.[holder] };
  return issue(template, holders[holder], signers?.[holder] ?? spellings[holder]);
}

/** What is not forged is issued once for each generation: signing with RSA takes its time. */
const honest = new Map<string, Promise<Uint8Array>>();

function once(name: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const made = honest.get(name) ?? make();
  honest.set(name, made);
  return made;
}

async function collateralOf(forgery: SnpForgery): Promise<AmdCollateral> {
  const { generation = "Genoa", certificates, signers, list, lister } = forgery;
  const of = (holder: Holder): Promise<Uint8Array> =>
    certificates?.[holder] === undefined && signers?.[holder] === undefined
      ? once(`${generation} ${holder}`, () => certificate(holder, forgery))
      : certificate(holder, forgery);
  const template = {
    issuer: templatesOf(generation).ark.subject,
    thisUpdate: window.issued,
    nextUpdate: window.expires,
    revoked: [],
  };
  const crl =
    list === undefined && lister === undefined
      ? once(`${generation} crl`, () => issueList(template, ark))
      : issueList({ ...template, ...list }, lister ?? ark);
  const made = { vcek: await of("vcek"), ask: await of("ask"), ark: await of("ark"), crl: await crl };
  return { ...made, ...forgery.collateral?.(made) };
}

export const u32 = (value: number): Uint8Array => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);

/** SMT and the bit that is always one. */
export const guestPolicy = hexToBytes("3701030000000000");

/** A guest of the newest kind of report. Values are constants, so that nobody takes them for a measurement of a worker. */
export function fieldsOf(generation: Generation): Partial<Record<FieldName, Uint8Array>> {
  const tcb = tcbs[generation];
  return {
    VERSION: u32(5),
    GUEST_SVN: u32(7),
    POLICY: guestPolicy,
    FAMILY_ID: new Uint8Array(16).fill(0xfa),
    IMAGE_ID: new Uint8Array(16).fill(0x1a),
    SIGNATURE_ALGO: u32(1),
    CURRENT_TCB: tcb,
    // SMT, ECC, alias check
    PLATFORM_INFO: hexToBytes("2500000000000000"),
    REPORT_DATA: reportData,
    MEASUREMENT: new Uint8Array(48).fill(0x3e),
    HOST_DATA: new Uint8Array(32).fill(0x4d),
    REPORT_ID: new Uint8Array(32).fill(0x1d),
    REPORT_ID_MA: new Uint8Array(32).fill(0xff),
    REPORTED_TCB: tcb,
    CPUID: processors[generation],
    CHIP_ID: identifiers[generation],
    COMMITTED_TCB: tcb,
    // build 39, 1.55
    CURRENT_VERSION: Uint8Array.of(39, 55, 1, 0),
    COMMITTED_VERSION: Uint8Array.of(39, 55, 1, 0),
    LAUNCH_TCB: tcb,
    LAUNCH_MIT_VECTOR: Uint8Array.of(0x0b),
    CURRENT_MIT_VECTOR: Uint8Array.of(0x0b),
  };
}

export async function forgeSnp(forgery: SnpForgery = {}): Promise<SevSnpEvidence> {
  const { generation = "Genoa", fields, reporter = vcek } = forgery;
  const values = { ...fieldsOf(generation), ...fields };
  const signed = encodeReport(values).subarray(0, signedLength);
  const raw = reporter.signRaw(signed);
  const [R, S] = [raw.slice(0, 48).reverse(), raw.slice(48).reverse()];
  const quote = encodeReport({ ...values, R, S });
  return { kind: "sev-snp", quote: forgery.quote?.(quote) ?? quote, collateral: await collateralOf(forgery) };
}

/** Verifies under the root that the forgery brings along. */
export async function verifyForgedSnp(forgery: SnpForgery = {}, at: number = now): Promise<VerifiedSevSnp> {
  const evidence = await forgeSnp(forgery);
  return verify(evidence, { roots: [evidence.collateral.ark], now: at, primitives });
}

/** A list or certificate whose last byte, which belongs to its signature, is another. */
export const damaged = (der: Uint8Array): Uint8Array =>
  concatBytes(der.subarray(0, -1), Uint8Array.of(der.at(-1)! ^ 1));
