/**
 * Justifications: votes of more than two thirds of the authorities that finalize a block (Polkadot specification, section
 * 6.1: vote signature, justification, finalizing justification, equivocation). The format is Substrate's
 * `GrandpaJustification`.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToHex, concatBytes, hexToBytes } from "#protocol/bytes.ts";
import type { AuthoritySet } from "./authorities.ts";
import { demand } from "./errors.ts";
import { readHeader, type BlockHash, type Header } from "./header.ts";
import { ancestryMax, justificationLengthMax, votesMax } from "./limits.ts";
import { littleEndian, ScaleReader } from "./scale.ts";

export interface Vote {
  readonly hash: BlockHash;
  readonly number: number;
  readonly signature: Uint8Array;
  /** 64 hexadecimal digits. */
  readonly voter: string;
}

export interface Justification {
  readonly round: bigint;
  readonly hash: BlockHash;
  readonly number: number;
  readonly votes: readonly Vote[];
  /** On the way from blocks that were voted for down to the one that is finalized. */
  readonly ancestry: readonly Header[];
}

/** @throws ProofError "too-long", "justification-malformed". */
export function decodeJustification(bytes: Uint8Array): Justification {
  demand(bytes.length <= justificationLengthMax, "too-long");
  const reader = new ScaleReader(bytes, "justification-malformed");
  const round = reader.u64();
  const hash = readHash(reader);
  const number = reader.u32();
  const votes = reader.vector(votesMax, () => ({
    hash: readHash(reader),
    number: reader.u32(),
    signature: reader.take(64),
    voter: bytesToHex(reader.take(32)),
  }));
  const ancestry = reader.vector(ancestryMax, () => readHeader(reader, bytes));
  reader.end();
  return { round, hash, number, votes, ancestry };
}

const readHash = (reader: ScaleReader): BlockHash => bytesToHex(reader.take(32)) as BlockHash;

/**
 * That this block is final. Votes for its descendants count for it. Of an authority that voted twice one vote counts.
 *
 * @throws ProofError "too-long", "justification-malformed", "justification-target", "voter-unknown", "vote-repeated",
 *   "vote-before-target", "vote-elsewhere", "vote-signature", "ancestry-repeated", "ancestry-unused", "votes-too-few".
 */
export function verifyJustification(
  bytes: Uint8Array,
  target: { readonly hash: BlockHash; readonly number: number },
  set: AuthoritySet,
): void {
  const { round, hash, number, votes, ancestry } = decodeJustification(bytes);
  demand(hash === target.hash && number === target.number, "justification-target");
  const weights = new Map(set.authorities.map(({ key, weight }) => [key, weight]));
  const counted = new Map<string, readonly Vote[]>();
  const tree = new Ancestry(target, ancestry);
  for (const vote of votes) {
    demand(weights.has(vote.voter), "voter-unknown", vote.voter);
    const before = counted.get(vote.voter) ?? [];
    // Two that differ are an equivocation, of which a commit may hold both.
    demand(before.length < 2 && !before.some((other) => other.hash === vote.hash), "vote-repeated", vote.voter);
    counted.set(vote.voter, [...before, vote]);
    demand(vote.number >= number, "vote-before-target");
    demand(tree.leadsDown(vote), "vote-elsewhere");
    demand(isSigned(vote, round, set.id), "vote-signature", vote.voter);
  }
  demand(tree.unused === 0, "ancestry-unused");
  let weight = 0n;
  for (const voter of counted.keys()) weight += weights.get(voter)!;
  const total = set.authorities.reduce((sum, authority) => sum + authority.weight, 0n);
  demand(weight >= thresholdOf(total), "votes-too-few", `${weight} of ${total}`);
}

/** All but fewer than a third: with f faults among n = 3f + 1, as many as n - f. */
export const thresholdOf = (total: bigint): bigint => total - (total - 1n) / 3n;

const precommit = 1;

/** What is signed: the kind of vote, the vote, the round and the set, so that it stands for nothing else. */
export const voteMessage = (vote: Pick<Vote, "hash" | "number">, round: bigint, setId: bigint): Uint8Array =>
  concatBytes(
    Uint8Array.of(precommit),
    hexToBytes(vote.hash),
    littleEndian(vote.number, 4),
    littleEndian(round, 8),
    littleEndian(setId, 8),
  );

/** By the rules of ZIP 215, which Substrate's nodes follow: what one of them takes, all do. */
function isSigned(vote: Vote, round: bigint, setId: bigint): boolean {
  try {
    return ed25519.verify(vote.signature, voteMessage(vote, round, setId), hexToBytes(vote.voter), { zip215: true });
  } catch {
    return false;
  }
}

/** Ways from blocks above a target down to it. */
class Ancestry {
  readonly #target: { readonly hash: BlockHash; readonly number: number };
  readonly #headers = new Map<BlockHash, Header>();
  readonly #used = new Set<BlockHash>();

  constructor(target: { readonly hash: BlockHash; readonly number: number }, headers: readonly Header[]) {
    this.#target = target;
    for (const header of headers) this.#headers.set(header.hash, header);
    demand(this.#headers.size === headers.length, "ancestry-repeated");
  }

  get unused(): number {
    return this.#headers.size - this.#used.size;
  }

  /** Ends, because no chain of hashes comes back to itself. */
  leadsDown({ hash, number }: Vote): boolean {
    let [at, expected] = [hash, number];
    while (at !== this.#target.hash) {
      const header = this.#headers.get(at);
      if (header === undefined || header.number !== expected || expected <= this.#target.number) return false;
      this.#used.add(at);
      at = header.parentHash;
      expected--;
    }
    return expected === this.#target.number;
  }
}
