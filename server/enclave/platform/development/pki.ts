/**
 * A development PKI: the shape of Intel's, made from 32 bytes. Whoever has the seed can vouch for anything, which is why
 * nothing under such a root means anything to anybody else.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hexToBytes, lengthPrefixed } from "#protocol/bytes.ts";
import { keyUsages } from "#attestation/x509/certificate.ts";
import { sgxExtensionOid } from "#attestation/dcap/pck.ts";
import { tags } from "#attestation/x509/der.ts";
import { type CertificateTemplate, issueCertificate, type Key, keyFrom } from "./certificates.ts";
import { element, octets, oid, sequence, small } from "./der.ts";

export interface Holder {
  readonly key: Key;
  readonly template: CertificateTemplate;
  /** DER. */
  readonly certificate: Uint8Array;
}

export interface DevelopmentPki {
  readonly root: Holder;
  readonly pckCa: Holder;
  readonly pck: Holder;
  readonly tcbSigner: Holder;
  readonly machine: Machine;
}

/** What the PCK certificate says about the machine. */
interface Machine {
  readonly ppid: Uint8Array;
  readonly cpuSvn: Uint8Array;
  readonly pceSvn: number;
  readonly pceId: Uint8Array;
  readonly fmspc: Uint8Array;
}

/** As long as Intel's root. */
const notBefore = Date.UTC(2025, 0, 1) / 1000;
const notAfter = Date.UTC(2049, 11, 31, 23, 59, 59) / 1000;

const names = {
  root: "Development SGX Root CA",
  pckCa: "Development SGX PCK Platform CA",
  pck: "Development SGX PCK Certificate",
  tcbSigner: "Development SGX TCB Signing",
} as const;

const caUsage = keyUsages.keyCertSign | keyUsages.crlSign;
const leafUsage = keyUsages.digitalSignature;

export function createPki(seed: Uint8Array): DevelopmentPki {
  const machine: Machine = {
    ppid: derive(seed, "ppid", 16),
    cpuSvn: new Uint8Array(16).fill(2),
    pceSvn: 11,
    pceId: new Uint8Array(2),
    fmspc: hexToBytes("de0c0000dead"),
  };
  const root = createRoot(seed);
  const pckCa = issue(seed, "pckCa", root, { ca: { pathLength: 0 }, usage: caUsage });
  const extensions = [[sgxExtensionOid, encodeMachine(machine)]] as const;
  const pck = issue(seed, "pck", pckCa, { usage: leafUsage, extensions });
  const tcbSigner = issue(seed, "tcbSigner", root, { usage: leafUsage });
  return { root, pckCa, pck, tcbSigner, machine };
}

/** Bytes for one purpose, from the seed. */
export const derive = (seed: Uint8Array, purpose: string, length: number): Uint8Array =>
  hkdf(sha256, seed, undefined, lengthPrefixed("phatroom/1/development", purpose), length);

/** Intel "SGX PCK Certificate and CRL Profile", section 1.3.5. */
function encodeMachine(machine: Machine): Uint8Array {
  const entry = (id: string, value: Uint8Array) => sequence(oid(`${sgxExtensionOid}${id}`), value);
  const byte = (value: number) => value.toString(16).padStart(2, "0");
  const components = Array.from(machine.cpuSvn, (svn, i) => entry(`02${byte(i + 1)}`, small(svn)));
  return sequence(
    entry("01", octets(machine.ppid)),
    entry("02", sequence(...components, entry("0211", small(machine.pceSvn)), entry("0212", octets(machine.cpuSvn)))),
    entry("03", octets(machine.pceId)),
    entry("04", octets(machine.fmspc)),
    entry("05", element(tags.enumerated, Uint8Array.of(0))),
  );
}

function createRoot(seed: Uint8Array): Holder {
  const key = keyFrom(derive(seed, "key root", 48));
  const template = templateOf(seed, "root", names.root, key, { ca: { pathLength: 1 }, usage: caUsage });
  return { key, template, certificate: issueCertificate(template, key) };
}

type Role = Pick<CertificateTemplate, "ca" | "usage" | "extensions">;

function issue(seed: Uint8Array, name: "pckCa" | "pck" | "tcbSigner", issuer: Holder, role: Role): Holder {
  const key = keyFrom(derive(seed, `key ${name}`, 48));
  const template = templateOf(seed, name, issuer.template.subject, key, role);
  return { key, template, certificate: issueCertificate(template, issuer.key) };
}

function templateOf(
  seed: Uint8Array,
  name: keyof typeof names,
  issuer: string,
  key: Key,
  role: Role,
): CertificateTemplate {
  // The first byte keeps serial numbers positive and of one length.
  const serial = Uint8Array.of(0x21, ...derive(seed, `serial ${name}`, 15));
  return { serial, issuer, subject: names[name], publicKey: key.public, notBefore, notAfter, ...role };
}
