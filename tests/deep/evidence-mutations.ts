/** Ways to change evidence at random: bytes, lengths, DER, JSON, PEM, parts of other evidence. Nothing is signed again. */
import { p256 } from "@noble/curves/nist.js";
import { AttestationError } from "#attestation/errors.ts";
import { type Collateral, encodeEvidence, type Evidence, type IntelEvidence } from "#attestation/evidence.ts";
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { encodeTree, type Node, parseTree } from "../attestation/x509/tree.ts";
import type { SeededNumbers } from "./deep.ts";

/** Evidence to take parts from: it is genuine, at another time, of another machine, or of another kind. */
export type Donors = readonly IntelEvidence[];

type Mutation = (evidence: IntelEvidence, numbers: SeededNumbers, donors: Donors) => IntelEvidence | Uint8Array;

/** Changes evidence once to three times, and returns its encoding, or undefined if nothing changed or it has none. */
export const mutate = (evidence: IntelEvidence, numbers: SeededNumbers, donors: Donors): Uint8Array | undefined =>
  changedOf(evidence, numbers, () => numbers.pick(mutations), donors);

/** The same with other ways to change other evidence. */
export function changedOf<E extends Evidence>(
  evidence: E,
  numbers: SeededNumbers,
  pick: () => (evidence: E, numbers: SeededNumbers, donors: readonly E[]) => E | Uint8Array,
  donors: readonly E[],
): Uint8Array | undefined {
  const times = 1 + (numbers.below(4) === 0 ? 1 + numbers.below(2) : 0);
  try {
    let changed: E | Uint8Array = evidence;
    for (let i = 0; i < times && !(changed instanceof Uint8Array); i++) changed = pick()(changed, numbers, donors);
    const bytes = changed instanceof Uint8Array ? changed : encodeEvidence(changed);
    return equal(bytes, encodeEvidence(evidence)) ? undefined : bytes;
  } catch (error) {
    // Longer than evidence may be, or a part of it of no bytes: that could not even be sent.
    if (error instanceof AttestationError && error.code === "evidence-malformed") return undefined;
    throw error;
  }
}

const lists = ["rootCrl", "pckCrl"] as const;
const signatures = ["tcbInfoSignature", "qeIdentitySignature"] as const;
const texts = ["tcbInfo", "qeIdentity"] as const;
const chains = ["tcbInfoChain", "qeIdentityChain"] as const;

const withQuote = (evidence: IntelEvidence, quote: Uint8Array): IntelEvidence => ({ ...evidence, quote });
const withCollateral = (evidence: IntelEvidence, change: Partial<Collateral>): IntelEvidence => ({
  ...evidence,
  collateral: { ...evidence.collateral, ...change },
});

const mutations: readonly Mutation[] = [
  // The whole encoding.
  (evidence, numbers) => bytesOf(encodeEvidence(evidence), numbers),
  // The quote's bytes, and its lengths.
  (evidence, numbers) => withQuote(evidence, bytesOf(evidence.quote, numbers)),
  (evidence, numbers) => withQuote(evidence, concatBytes(evidence.quote, numbers.bytes(1 + numbers.below(40)))),
  (evidence, numbers) => withQuote(evidence, concatBytes(evidence.quote, new Uint8Array(1 + numbers.below(4000)))),
  (evidence, numbers) => withQuote(evidence, integers(evidence.quote, numbers)),
  (evidence, numbers, donors) => withQuote(evidence, crossed(evidence.quote, numbers.pick(donors).quote, numbers)),
  (evidence, numbers) => withQuote(evidence, pemOf(evidence.quote, numbers)),
  (evidence, numbers) => withQuote(evidence, negatedIn(evidence.quote, numbers)),
  (evidence, numbers) => withQuote(evidence, withoutNul(evidence.quote, numbers)),
  // Certificates and lists.
  (evidence, numbers) => {
    const name = numbers.pick(lists);
    return withCollateral(evidence, { [name]: derOf(evidence.collateral[name], numbers) });
  },
  (evidence, numbers) => {
    const name = numbers.pick(chains);
    const chain = evidence.collateral[name];
    if (chain.length === 0) return evidence;
    const at = numbers.below(chain.length);
    return withCollateral(evidence, { [name]: chain.with(at, derOf(chain[at]!, numbers)) });
  },
  (evidence, numbers) => {
    const name = numbers.pick(chains);
    const chain = evidence.collateral[name];
    const other = numbers.pick([[...chain].reverse(), chain.slice(1), chain.slice(0, 1), [...chain, ...chain]]);
    return withCollateral(evidence, { [name]: other });
  },
  // Statements.
  (evidence, numbers) => {
    const name = numbers.pick(texts);
    return withCollateral(evidence, { [name]: jsonOf(evidence.collateral[name], numbers) });
  },
  (evidence, numbers) => {
    const name = numbers.pick(signatures);
    const signature = evidence.collateral[name];
    const changed = numbers.below(3) === 0 ? negated(signature) : bytesOf(signature, numbers).subarray(0, 64);
    return withCollateral(evidence, { [name]: changed });
  },
  // Parts of other evidence.
  (evidence, numbers, donors) => {
    const name = numbers.pick([...lists, ...signatures, ...texts, ...chains]);
    return withCollateral(evidence, { [name]: numbers.pick(donors).collateral[name] });
  },
  (evidence, numbers, donors) => withQuote(evidence, numbers.pick(donors).quote),
  (evidence, numbers, donors) => {
    const { collateral } = numbers.pick(donors);
    return { ...evidence, collateral };
  },
  (evidence, numbers) => ({ ...evidence, kind: numbers.pick(["tdx", "sgx"] as const) }),
];

/** Bits flipped, bytes replaced, cut, doubled, moved. */
export function bytesOf(bytes: Uint8Array, numbers: SeededNumbers): Uint8Array {
  if (bytes.length === 0) return numbers.bytes(1 + numbers.below(20));
  const at = numbers.below(bytes.length);
  const length = 1 + numbers.below(Math.min(64, bytes.length - at));
  const [before, middle, after] = [bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at + length)];
  switch (numbers.below(8)) {
    case 0:
      return concatBytes(before, after);
    case 1:
      return concatBytes(before, middle, middle, after);
    case 2:
      return concatBytes(before, numbers.bytes(length), after);
    case 3:
      return concatBytes(before, numbers.bytes(length), middle, after);
    case 4:
      return before;
    case 5:
      return concatBytes(before, new Uint8Array(length), after);
    case 6: {
      const from = numbers.below(bytes.length - length + 1);
      return concatBytes(before, bytes.subarray(from, from + length), after);
    }
    default: {
      const copy = new Uint8Array(bytes);
      for (let i = 0; i <= numbers.below(3); i++) copy[numbers.below(copy.length)]! ^= 1 << numbers.below(8);
      return copy;
    }
  }
}

/** Two or four bytes as a number a little off, or far off. */
export function integers(bytes: Uint8Array, numbers: SeededNumbers): Uint8Array {
  if (bytes.length < 5) return numbers.bytes(5);
  const copy = new Uint8Array(bytes);
  const view = new DataView(copy.buffer);
  const at = numbers.below(copy.length - 4);
  if (numbers.below(2) === 0) view.setUint16(at, view.getUint16(at, true) + numbers.below(7) - 3, true);
  else view.setUint32(at, numbers.pick([0, 1, 0xffff_ffff, 0x8000_0000, view.getUint32(at, true) + 1]), true);
  return copy;
}

/** The beginning of one, the end of the other. */
export function crossed(a: Uint8Array, b: Uint8Array, numbers: SeededNumbers): Uint8Array {
  const at = numbers.below(1 + Math.min(a.length, b.length));
  return numbers.below(2) === 0
    ? concatBytes(a.subarray(0, at), b.subarray(at))
    : concatBytes(a.subarray(0, at), b.subarray(at, at + 64), a.subarray(at + 64));
}

/** Something within the PCK chain at the quote's end. */
function pemOf(quote: Uint8Array, numbers: SeededNumbers): Uint8Array {
  const begin = indexOf(quote, utf8ToBytes("-----BEGIN"));
  if (begin === -1) return quote;
  const at = begin + numbers.below(quote.length - begin);
  const text = utf8ToBytes(numbers.pick(["\n", "\r", " ", "=", "A", "-", "\0", "-----BEGIN CERTIFICATE-----\n"]));
  const skip = numbers.pick([0, text.length]);
  return concatBytes(quote.subarray(0, at), text, quote.subarray(at + skip));
}

/** The zero that Intel's library puts behind the PCK chain, left out with every length made to fit; or put there. */
function withoutNul(quote: Uint8Array, numbers: SeededNumbers): Uint8Array {
  const begin = indexOf(quote, utf8ToBytes("-----BEGIN"));
  const end = lastIndexOf(quote, utf8ToBytes("-----END CERTIFICATE-----\n")) + 26;
  if (begin === -1 || end < 26) return quote;
  const has = new DataView(quote.buffer, quote.byteOffset).getUint32(begin - 4, true) === end - begin + 1;
  const change = has ? -1 : 1;
  const changed = has
    ? concatBytes(quote.subarray(0, end), quote.subarray(end + 1))
    : concatBytes(quote.subarray(0, end), Uint8Array.of(0), quote.subarray(end));
  const view = new DataView(changed.buffer);
  // Every length that ends where the chain ends; sometimes one is forgotten.
  for (let at = 48; at < begin; at++) {
    if (at + 4 + new DataView(quote.buffer, quote.byteOffset).getUint32(at, true) !== end + (has ? 1 : 0)) continue;
    if (numbers.below(10) !== 0) view.setUint32(at, view.getUint32(at, true) + change, true);
  }
  return changed;
}

/** Signatures have two spellings, s and n − s: the quote's first 64 bytes after its body, or the QE report's. */
function negatedIn(quote: Uint8Array, numbers: SeededNumbers): Uint8Array {
  const begin = indexOf(quote, utf8ToBytes("-----BEGIN"));
  if (begin < 600) return quote;
  const at = numbers.pick([48 + 384 + 4, 48 + 584 + 4, 48 + 6 + 584 + 4, 48 + 6 + 648 + 4, begin - 6 - 32 - 2 - 64]);
  return concatBytes(quote.subarray(0, at), negated(quote.subarray(at, at + 64)), quote.subarray(at + 64));
}

/** r ‖ n − s. */
export const negated = (signature: Uint8Array): Uint8Array => negatedBy(p256, signature);

/** @param signature r ‖ s on this curve. */
export function negatedBy({ Point }: Pick<typeof p256, "Point">, signature: Uint8Array): Uint8Array {
  const half = signature.length / 2;
  const { n } = Point.CURVE();
  const s = BigInt(`0x${Buffer.from(signature.subarray(half)).toString("hex") || "0"}`);
  const hex = (s === 0n || s >= n ? s : n - s).toString(16).padStart(2 * half, "0");
  return concatBytes(signature.subarray(0, half), new Uint8Array(Buffer.from(hex, "hex")));
}

/** A certificate or list with one node of its tree changed, its outermost length spelled otherwise, or other bytes. */
export function derOf(der: Uint8Array, numbers: SeededNumbers): Uint8Array {
  if (numbers.below(3) === 0) return bytesOf(der, numbers);
  if (numbers.below(8) === 0) return concatBytes(Uint8Array.of(der[0]!, 0x83, 0), der.subarray(2));
  const root = treeOf(der);
  if (root === undefined) return bytesOf(der, numbers);
  let left = numbers.below(countOf(root));
  const visit = (node: Node): readonly Node[] => {
    if (left-- === 0) return nodeOf(node, numbers);
    return [node.contents instanceof Uint8Array ? node : { ...node, contents: node.contents.flatMap(visit) }];
  };
  return concatBytes(...visit(root).map(encodeTree));
}

/** Nothing if it was damaged before. */
function treeOf(der: Uint8Array): Node | undefined {
  try {
    return parseTree(der)[0];
  } catch {
    return undefined;
  }
}

function nodeOf(node: Node, numbers: SeededNumbers): readonly Node[] {
  switch (numbers.below(6)) {
    case 0:
      return [];
    case 1:
      return [node, node];
    case 2:
      return [{ ...node, tag: numbers.below(256) }];
    case 3:
      return [{ ...node, prefix: new Uint8Array(0), contents: numbers.bytes(numbers.below(8)) }];
    case 4:
      return [{ tag: 0x30, prefix: new Uint8Array(0), contents: [node] }];
    default: {
      const { contents } = node;
      if (!(contents instanceof Uint8Array)) return [{ ...node, contents: [...contents].reverse() }];
      return [{ ...node, contents: contents.length === 0 ? Uint8Array.of(0) : bytesOf(contents, numbers) }];
    }
  }
}

const countOf = (node: Node): number =>
  1 + (node.contents instanceof Uint8Array ? 0 : node.contents.reduce((sum, child) => sum + countOf(child), 0));

/** A statement with one value changed, a member left out, its members in another order, or written otherwise. */
function jsonOf(text: string, numbers: SeededNumbers): string {
  if (numbers.below(4) === 0) return latin1(bytesOf(utf8ToBytes(text), numbers)).replace(/[^\x20-\x7e]/g, "?");
  const parsed = parseJson(text);
  if (parsed === undefined) return `${text} `;
  switch (numbers.below(3)) {
    case 0:
      return JSON.stringify(parsed, undefined, 1).replaceAll("\n", " ");
    case 1:
      return text.replaceAll("OutOfDate", "UpToDate").replaceAll("Revoked", "UpToDate");
    default:
      return JSON.stringify(valueOf(parsed, numbers));
  }
}

function valueOf(value: unknown, numbers: SeededNumbers): unknown {
  if (Array.isArray(value) && value.length > 0) {
    const at = numbers.below(value.length);
    const items: readonly unknown[] = value;
    return numbers.pick([items.toSpliced(at, 1), [...items, items[at]], items.with(at, valueOf(items[at], numbers))]);
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value);
    const [key, member] = numbers.pick(members) as [string, unknown];
    if (numbers.below(6) === 0) return Object.fromEntries(members.filter(([name]) => name !== key));
    if (numbers.below(6) === 0) return Object.fromEntries([...members].reverse());
    return { ...value, [key]: valueOf(member, numbers) };
  }
  if (typeof value === "number") return numbers.pick([value + 1, value - 1, 0, -1, 0.5, 2 ** 40, String(value), null]);
  return numbers.pick([`${String(value)}0`, String(value).slice(1), "", null, 0, true, [], {}]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const indexOf = (bytes: Uint8Array, part: Uint8Array): number => Buffer.from(bytes).indexOf(part);
const lastIndexOf = (bytes: Uint8Array, part: Uint8Array): number => Buffer.from(bytes).lastIndexOf(part);
const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
