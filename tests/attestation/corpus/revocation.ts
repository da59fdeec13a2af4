/** Lists of what was withdrawn: forged, old, for others, or honest ones that name what is presented. */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import type { Collateral } from "#attestation/evidence.ts";
import { type CrlTemplate, issueCrl, type Key } from "#enclave/platform/development/certificates.ts";
import { crlOf } from "#enclave/platform/development/collateral.ts";
import { element, oid, octets, sequence, small, truth } from "#enclave/platform/development/der.ts";
import type { Holder } from "#enclave/platform/development/pki.ts";
import { concatBytes } from "#protocol/bytes.ts";
import { day, flip, type Forgery, now, type Part, pki, strangersKey, window } from "../forge.ts";
import { encodeTree, type Node, parseTree } from "../x509/tree.ts";
import { type Attack, attack } from "./attack.ts";
import { otherPki } from "./certificates.ts";
import { commonSpellings } from "./spellings.ts";

type Case = readonly [code: AttestationErrorCode, what: string, crl: Uint8Array];

const named: readonly Part[] = ["root", "pckCa", "pck", "tcbSigner"];
const words = { root: "the root", pckCa: "the PCK CA", pck: "the PCK", tcbSigner: "the TCB signer" } as const;

/** Honest lists: the machine was withdrawn, and what is presented is genuine otherwise. */
const withdrawn = named.flatMap((part) => [
  attack("certificate-revoked", `a list that names ${words[part]}`, { revoked: [part] }),
  attack("certificate-revoked", `SGX, and a list that names ${words[part]}`, { shape: "sgx3", revoked: [part] }),
]);

const many = Array.from({ length: 200 }, (_, i) => Uint8Array.of(2, i));
const lastOfMany = issueCrl(
  {
    issuer: pki.pckCa.template.subject,
    thisUpdate: window.issued,
    nextUpdate: window.expires,
    revoked: [...many, pki.pck.template.serial],
  },
  pki.pckCa.key,
);

function issued(holder: Holder, change: Partial<CrlTemplate>, key: Key = holder.key): Uint8Array {
  const { subject } = holder.template;
  return issueCrl(
    { issuer: subject, thisUpdate: window.issued, nextUpdate: window.expires, revoked: [], ...change },
    key,
  );
}

/** One extension more in a list, which does not fit the signature any more: it must not come to that. */
function extended(crl: Uint8Array, extension: Uint8Array): Uint8Array {
  const [root] = parseTree(crl) as [Node];
  const [signed, ...rest] = root.contents as readonly Node[];
  const contents = signed!.contents as readonly Node[];
  const [inner] = contents.at(-1)!.contents as readonly Node[];
  const extensions = { ...inner!, contents: [...(inner!.contents as readonly Node[]), ...parseTree(extension)] };
  const last = { ...contents.at(-1)!, contents: [extensions] };
  return encodeTree({ ...root, contents: [{ ...signed!, contents: [...contents.slice(0, -1), last] }, ...rest] });
}

/** Without the end that the standard does not ask for, and Intel always gives. */
function endless(crl: Uint8Array): Uint8Array {
  const [root] = parseTree(crl) as [Node];
  const [signed, ...rest] = root.contents as readonly Node[];
  const contents = (signed!.contents as readonly Node[]).toSpliced(4, 1);
  return encodeTree({ ...root, contents: [{ ...signed!, contents }, ...rest] });
}

function casesOf(holder: Holder, other: Holder): readonly Case[] {
  const good = crlOf(holder, window);
  return [
    ["crl-signature", "by another issuer", crlOf(other, window)],
    ["crl-signature", "by the issuer of the same name in another PKI", crlOf(strangerOf(holder), window)],
    ["crl-signature", "signed by a stranger", issued(holder, {}, strangersKey)],
    ["crl-signature", "signed by the machine's key", issued(holder, {}, pki.pck.key)],
    ["crl-signature", "under another name", issued(holder, { issuer: "Another CA" })],
    ["crl-signature", "whose signature is damaged", flip(good, -1)],
    ["crl-signature", "that was edited", edited(issued(holder, { revoked: [Uint8Array.of(2, 2)] }))],
    ["crl-expired", "of the past", issued(holder, { thisUpdate: now - 40 * day, nextUpdate: now - 1 })],
    ["crl-expired", "of the future", issued(holder, { thisUpdate: now + 1, nextUpdate: now + day })],
    ["crl-expired", "that ends before it begins", issued(holder, { thisUpdate: now + 1, nextUpdate: now - 1 })],
    ["crl-malformed", "without an end", endless(good)],
    ["crl-malformed", "that is garbage", Uint8Array.of(1, 2, 3)],
    ["crl-malformed", "that is a certificate", holder.certificate],
    ["crl-malformed", "that is only a difference to another", extended(good, delta)],
    ["crl-malformed", "that is only about some certificates", extended(good, partial)],
    ["crl-malformed", "that is longer than any", issued(holder, { revoked: tooMany })],
    ...commonSpellings(good).map(([name, der]): Case => ["crl-malformed", `with ${name}`, der]),
  ];
}

const strangerOf = (holder: Holder): Holder => (holder === pki.root ? otherPki.root : otherPki.pckCa);

/** The serial number in it is one more. */
function edited(crl: Uint8Array): Uint8Array {
  const at = crl.findIndex((_, i) => crl[i] === 2 && crl[i + 1] === 2 && crl[i + 2] === 2 && crl[i + 3] === 2);
  return flip(crl, at + 3);
}

/** 2.5.29.27 and 2.5.29.28: delta list indicator, issuing distribution point. */
const delta = sequence(oid("551d1b"), truth(), octets(small(1)));
const partial = sequence(oid("551d1c"), truth(), octets(sequence(element(0x82, Uint8Array.of(0xff)))));
const tooMany = Array.from({ length: 1000 }, (_, i) => Uint8Array.of(1, i >> 8, i & 0xff));

const presented = (name: keyof Collateral, crl: Uint8Array): Forgery => ({ collateral: () => ({ [name]: crl }) });

export const revocation: readonly Attack[] = [
  ...withdrawn,
  attack("certificate-revoked", "a list that names the PCK behind two hundred others", presented("pckCrl", lastOfMany)),
  attack("crl-signature", "both lists swapped", { collateral: (c) => ({ rootCrl: c.pckCrl, pckCrl: c.rootCrl }) }),
  attack("crl-malformed", "both lists in one", {
    collateral: (c) => ({ rootCrl: concatBytes(c.rootCrl, c.pckCrl) }),
  }),
  ...casesOf(pki.root, pki.pckCa).map(([code, what, crl]) =>
    attack(code, `a root's list ${what}`, presented("rootCrl", crl)),
  ),
  ...casesOf(pki.pckCa, pki.root).map(([code, what, crl]) =>
    attack(code, `a PCK list ${what}`, presented("pckCrl", crl)),
  ),
];
