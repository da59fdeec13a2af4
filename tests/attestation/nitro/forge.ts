/** Attestation documents of AWS Nitro Enclaves under a root of our own, good or bad in one place of the test's choice. */
import type { NitroEvidence } from "#attestation/evidence.ts";
import { sigStructure } from "#attestation/nitro/cose.ts";
import type { VerifiedNitro } from "#attestation/verified.ts";
import { verify } from "#attestation/verify.ts";
import { keyUsages } from "#attestation/x509/certificate.ts";
import { namedBits, sequence } from "#enclave/platform/development/der.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import { day, now, primitives, reportData } from "../forge.ts";
import { authorityExtensions, type CurveSigner, curveSigner, issue, type Signer, type Template } from "../issue.ts";
import { array, bytes, map, nothing, openMap, text, unsigned } from "./cbor.ts";

export const holders = ["root", "region", "zone", "instance", "enclave"] as const;

export type Holder = (typeof holders)[number];

export const keys: Readonly<Record<Holder, CurveSigner>> = {
  root: curveSigner(11),
  region: curveSigner(12),
  zone: curveSigner(13),
  instance: curveSigner(14),
  enclave: curveSigner(15),
};

export const stranger = curveSigner(16);

const { keyCertSign, crlSign, digitalSignature } = keyUsages;
const ca = keyCertSign | crlSign | digitalSignature;
const hour = 3600;

const template = (holder: Holder, rest: Pick<Template, "notBefore" | "notAfter" | "extensions">): Template => {
  const at = holders.indexOf(holder);
  const name = (index: number): string => `${holders[index]!}.nitro-enclaves`;
  return { serial: Uint8Array.of(0x40 + at), issuer: name(Math.max(0, at - 1)), subject: name(at), ...rest };
};

/** As long as AWS's are: decades, weeks, days, a day, hours. */
export const templates: Readonly<Record<Holder, Template>> = {
  root: template("root", {
    notBefore: now - 2000 * day,
    notAfter: now + 8000 * day,
    extensions: authorityExtensions(ca),
  }),
  region: template("region", {
    notBefore: now - 4 * day,
    notAfter: now + 16 * day,
    extensions: authorityExtensions(ca, 2),
  }),
  zone: template("zone", { notBefore: now - day, notAfter: now + 5 * day, extensions: authorityExtensions(ca, 1) }),
  instance: template("instance", {
    notBefore: now - 2 * hour,
    notAfter: now + 22 * hour,
    extensions: authorityExtensions(keyCertSign, 0),
  }),
  enclave: template("enclave", {
    notBefore: now - hour,
    notAfter: now + 2 * hour,
    extensions: [
      ["551d13", sequence(), true],
      ["551d0f", namedBits(digitalSignature)],
    ],
  }),
};

/** The members of a document, each as CBOR. */
export type Members = Readonly<Record<string, Uint8Array>>;

export interface NitroForgery {
  /** Members instead of those of a good document; undefined leaves one out. */
  readonly members?: Readonly<Record<string, Uint8Array | undefined>>;
  /** Registers by number. */
  readonly pcrs?: Readonly<Record<number, Uint8Array>>;
  readonly timestamp?: number;
  readonly userData?: Uint8Array;
  readonly certificates?: Partial<Record<Holder, Partial<Template>>>;
  readonly signers?: Partial<Record<Holder, Signer>>;
  /** The certificates, root first, leaf last, after everything was signed. */
  readonly chain?: (chain: readonly Uint8Array[]) => readonly Uint8Array[];
  /** The payload, before it is signed. */
  readonly payload?: (members: Members) => Uint8Array;
  /** Who signs the document. */
  readonly reporter?: CurveSigner;
  /** The four parts of the wrapper, after it was signed. */
  readonly wrapper?: (parts: readonly Uint8Array[]) => Uint8Array;
  readonly quote?: (quote: Uint8Array) => Uint8Array;
}

export const register = (byte: number): Uint8Array => new Uint8Array(48).fill(byte);

/** An enclave that measured nothing: values are constants. Sixteen registers, most of them zero, as AWS has them. */
const registers: Readonly<Record<number, Uint8Array>> = Object.fromEntries(
  Array.from({ length: 16 }, (_, number) => [number, register(number < 3 || number === 4 ? 0xa0 + number : 0)]),
);

/** What is not forged is issued once: signing takes its time. */
const honest = new Map<Holder, Promise<Uint8Array>>();

async function chainOf({ certificates, signers }: NitroForgery): Promise<readonly Uint8Array[]> {
  return Promise.all(
    holders.map((holder, at) => {
      const issuer = keys[holders[Math.max(0, at - 1)]!];
      const [change, signer] = [certificates?.[holder], signers?.[holder]];
      if (change !== undefined || signer !== undefined) {
        return issue({ ...templates[holder], ...change }, keys[holder], signer ?? issuer);
      }
      const made = honest.get(holder) ?? issue(templates[holder], keys[holder], issuer);
      honest.set(holder, made);
      return made;
    }),
  );
}

export const protectedHeader = hexToBytes("a1013822");

export async function forgeNitro(forgery: NitroForgery = {}): Promise<NitroEvidence> {
  const made = await chainOf(forgery);
  const chain = forgery.chain?.(made) ?? made;
  const pcrs = { ...registers, ...forgery.pcrs };
  const all: Record<string, Uint8Array | undefined> = {
    module_id: text("i-0123456789abcdef0-enc0123456789abcdef"),
    digest: text("SHA384"),
    timestamp: unsigned(forgery.timestamp ?? now * 1000 - 30_123),
    pcrs: map(...Object.entries(pcrs).map(([number, value]) => [unsigned(Number(number)), bytes(value)] as const)),
    certificate: bytes(chain.at(-1) ?? new Uint8Array(0)),
    cabundle: array(...chain.slice(0, -1).map(bytes)),
    public_key: nothing,
    user_data: bytes(forgery.userData ?? reportData),
    nonce: nothing,
    ...forgery.members,
  };
  const members = Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, Uint8Array] => entry[1] !== undefined),
  );
  const payload = (forgery.payload ?? written)(members);
  const signature = (forgery.reporter ?? keys.enclave).signRaw(sigStructure(payload));
  const parts = [bytes(protectedHeader), map(), bytes(payload), bytes(signature)];
  const quote = forgery.wrapper?.(parts) ?? array(...parts);
  return { kind: "nitro", quote: forgery.quote?.(quote) ?? quote };
}

/** As AWS writes a document. */
export const written = (members: Members): Uint8Array =>
  openMap(...Object.entries(members).map(([name, value]) => [text(name), value] as const));

/** Verifies under the root that the forgery's chain begins with. */
export async function verifyForgedNitro(forgery: NitroForgery = {}, at: number = now): Promise<VerifiedNitro> {
  const [root] = await chainOf(forgery);
  return verify(await forgeNitro(forgery), { roots: [root!], now: at, primitives });
}
