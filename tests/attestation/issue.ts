/** Issues certificates and lists of any vendor's profile, under a name that says what they are worth. */
import { p384 } from "@noble/curves/nist.js";
import { developmentOrganisation } from "#attestation/development-root.ts";
import { tags } from "#attestation/x509/der.ts";
import {
  bits,
  element,
  integer,
  namedBits,
  octets,
  oid,
  sequence,
  set,
  small,
  time,
  truth,
  utf8,
} from "#enclave/platform/development/der.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import { encodeTree, type Node, parseTree } from "./x509/tree.ts";

/** A key that signs certificates and other things. */
export interface Signer {
  /** AlgorithmIdentifier. */
  readonly algorithm: Uint8Array;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** As it stands in a certificate. */
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>;
}

export interface CurveSigner extends Signer {
  /** r ‖ s, 96 bytes. */
  readonly signRaw: (message: Uint8Array) => Uint8Array;
}

export type Extension = readonly [id: string, value: Uint8Array, critical?: boolean];

export interface Template {
  readonly serial: Uint8Array;
  /** Common names. */
  readonly issuer: string;
  readonly subject: string;
  /** Unix seconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly Extension[];
  /** SubjectPublicKeyInfo, instead of the holder's. */
  readonly publicKey?: Uint8Array;
  /** Within what is signed, instead of the signer's. */
  readonly algorithm?: Uint8Array;
}

export interface ListTemplate {
  readonly issuer: string;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly revoked: readonly Uint8Array[];
}

/** A P-384 key; signatures are deterministic. */
export function curveSigner(seed: number): CurveSigner {
  const secret = p384.utils.randomSecretKey(new Uint8Array(72).fill(seed));
  const info = sequence(sequence(oid("2a8648ce3d0201"), oid("2b81040022")), bits(p384.getPublicKey(secret, false)));
  return {
    algorithm: hexToBytes("300a06082a8648ce3d040303"),
    publicKey: info,
    sign: (message) => Promise.resolve(p384.sign(message, secret, { format: "der" })),
    signRaw: (message) => p384.sign(message, secret),
  };
}

const pss =
  "06092a864886f70d01010a3034a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130";

/** The algorithm as AMD writes it, without and with its trailer field. */
export const pssAlgorithm = hexToBytes(`3041${pss}`);
export const pssAlgorithmWithTrailer = hexToBytes(`3046${pss.replace("3034", "3039")}a303020101`);

/** An RSA key. Its signatures differ each time, because they are salted. */
export function rsaSigner(pkcs8: Uint8Array<ArrayBuffer>): Signer {
  const { subtle } = globalThis.crypto;
  const algorithm = { name: "RSA-PSS", hash: "SHA-384" };
  let key: Promise<CryptoKey> | undefined;
  return {
    algorithm: pssAlgorithm,
    publicKey: publicKeyIn(pkcs8),
    sign: async (message) => {
      key ??= subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
      return new Uint8Array(await subtle.sign({ name: "RSA-PSS", saltLength: 48 }, await key, new Uint8Array(message)));
    },
  };
}

/** RFC 8017 appendix A.1: modulus and exponent follow the version. */
function publicKeyIn(pkcs8: Uint8Array): Uint8Array {
  const [info] = parseTree(pkcs8);
  const [, , wrapped] = info!.contents as readonly Node[];
  const [key] = wrapped!.contents as readonly Node[];
  const [, modulus, exponent] = key!.contents as readonly [Node, Node, Node];
  const algorithm = sequence(oid("2a864886f70d010101"), element(tags.null));
  return sequence(algorithm, bits(sequence(encodeTree(modulus), encodeTree(exponent))));
}

export async function issue(template: Template, holder: Signer, issuer: Signer): Promise<Uint8Array> {
  const signed = sequence(
    element(tags.context0, small(2)),
    integer(template.serial),
    template.algorithm ?? issuer.algorithm,
    nameOf(template.issuer),
    sequence(time(template.notBefore), time(template.notAfter)),
    nameOf(template.subject),
    template.publicKey ?? holder.publicKey,
    element(tags.context3, sequence(...template.extensions.map(extension))),
  );
  return sequence(signed, issuer.algorithm, bits(await issuer.sign(signed)));
}

export async function issueList(template: ListTemplate, issuer: Signer): Promise<Uint8Array> {
  const entries = template.revoked.map((serial) => sequence(integer(serial), time(template.thisUpdate)));
  const signed = sequence(
    small(1),
    issuer.algorithm,
    nameOf(template.issuer),
    time(template.thisUpdate),
    time(template.nextUpdate),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    element(tags.context0, sequence(extension(["551d14", small(1)]))),
  );
  return sequence(signed, issuer.algorithm, bits(await issuer.sign(signed)));
}

/** basicConstraints and keyUsage, critical both. */
export const authorityExtensions = (usage: number, pathLength?: number): readonly Extension[] => [
  ["551d13", sequence(truth(), ...(pathLength === undefined ? [] : [small(pathLength)])), true],
  ["551d0f", namedBits(usage), true],
];

const extension = ([id, value, critical = false]: Extension): Uint8Array =>
  sequence(oid(id), ...(critical ? [truth()] : []), octets(value));

const nameOf = (commonName: string): Uint8Array =>
  sequence(set(sequence(oid("55040a"), utf8(developmentOrganisation))), set(sequence(oid("550403"), utf8(commonName))));
