/**
 * What a node can lie about, and how it is found out: each lie is told to the verifier in the place of the honest
 * answer, and has the one code with which it is refused.
 */
import { concatBytes } from "#protocol/bytes.ts";
import { verifyBody } from "#enclave/ledger/proof/body.ts";
import type { ProofErrorCode } from "#enclave/ledger/proof/errors.ts";
import { advance, demandNotOlder, type FinalityStep } from "#enclave/ledger/proof/finality.ts";
import { decodeHeader, verifyChain } from "#enclave/ledger/proof/header.ts";
import { verifyJustification } from "#enclave/ledger/proof/justification.ts";
import { advanceParachain } from "#enclave/ledger/proof/parachain.ts";
import { verifyStorage } from "#enclave/ledger/proof/storage.ts";
import { decodeTime, laterTime } from "#enclave/ledger/proof/time.ts";
import {
  authorityList,
  authoritySet,
  blockOf,
  compact,
  extrinsic,
  finalizedAt,
  forced,
  grandpaLog,
  handoverOf,
  justify,
  keyBytesOf,
  littleEndian,
  ModelChain,
  names,
  prefixed,
  prove,
  scheduled,
  stepTo,
  timeOf,
  voter,
  votersOf,
  type ModelBlock,
  type Votes,
} from "../support/model-chain.ts";

/** The world in which all lies are told: a chain of five blocks above the one that is known to be final. */
export interface World {
  readonly chain: ModelChain;
  readonly known: ModelBlock;
  readonly blocks: readonly ModelBlock[];
  readonly last: ModelBlock;
}

let made: World | undefined;

/** Always the same one: nobody changes it. */
export const world = (): World => (made ??= makeWorld());

function makeWorld(): World {
  const chain = new ModelChain();
  const known = chain.last;
  const blocks = Array.from({ length: 5 }, () => chain.grow());
  return { chain, known, blocks, last: chain.last };
}

export interface Lie {
  readonly name: string;
  readonly code: ProofErrorCode;
  /** @throws ProofError with the code; if it returns, the lie was believed. */
  readonly tell: (world: World) => unknown;
}

const lie = (name: string, code: ProofErrorCode, tell: (world: World) => unknown): Lie => ({ name, code, tell });

const said = ({ known }: World, step: Partial<FinalityStep>, honest: FinalityStep): unknown =>
  advance(finalizedAt(known), { ...honest, ...step });
const step = (w: World, change: (honest: FinalityStep) => Partial<FinalityStep>): unknown => {
  const honest = stepTo(w.blocks);
  return said(w, change(honest), honest);
};
const justified = (w: World, votes: Votes): unknown => step(w, () => ({ justification: justify(w.last, votes) }));

/** The same bytes but for some. */
export function altered(bytes: Uint8Array, at: number, by = 1): Uint8Array {
  const copy = bytes.slice();
  const index = at < 0 ? copy.length + at : at;
  copy[index] = copy[index]! ^ by;
  return copy;
}

const headerLies: readonly Lie[] = [
  lie("a header with another state", "header-parent", (w) =>
    step(w, ({ headers }) => ({ headers: headers.with(1, altered(headers[1]!, 40)) })),
  ),
  lie("a last header with another state", "justification-target", (w) =>
    step(w, ({ headers }) => ({ headers: headers.with(4, altered(headers[4]!, 40)) })),
  ),
  lie("a header left out", "header-parent", (w) => step(w, ({ headers }) => ({ headers: headers.toSpliced(2, 1) }))),
  lie("a header twice", "header-parent", (w) =>
    step(w, ({ headers }) => ({ headers: headers.toSpliced(2, 0, headers[2]!) })),
  ),
  lie("two headers in each other's place", "header-parent", (w) =>
    step(w, ({ headers }) => ({ headers: headers.with(1, headers[2]!).with(2, headers[1]!) })),
  ),
  lie("headers of another chain", "header-parent", () => {
    const other = new ModelChain(99);
    return advance(finalizedAt(world().known), stepTo([other.grow(), other.grow()]));
  }),
  lie("headers that begin at an older block", "header-parent", (w) =>
    advance(finalizedAt(w.blocks[2]!), stepTo(w.blocks)),
  ),
  lie("no headers at all", "headers-missing", (w) => step(w, () => ({ headers: [] }))),
  lie("a number that jumps", "header-number", (w) => {
    const { fields, body, state } = w.blocks[0]!;
    const jumped = blockOf({ ...fields, number: fields.number + 1 }, body, state);
    return advance(finalizedAt(w.known), stepTo([jumped]));
  }),
  lie("a number written in long", "header-malformed", ({ last }) => {
    const { header, number } = last;
    const at = 32;
    const long = concatBytes(
      header.subarray(0, at),
      Uint8Array.of(3),
      littleEndian(number, 4),
      header.subarray(at + compact(number).length),
    );
    return decodeHeader(long);
  }),
  lie("a header with something behind it", "header-malformed", ({ last }) =>
    decodeHeader(concatBytes(last.header, Uint8Array.of(0))),
  ),
  lie("a header that ends too early", "header-malformed", ({ last }) => decodeHeader(last.header.subarray(0, -1))),
  lie("a digest item of no kind", "header-malformed", ({ last }) => decodeHeader(altered(last.header, 99, 0x10))),
  lie("a header with more items than any has", "header-malformed", ({ chain, last }) =>
    decodeHeader(chain.child(last, { logs: Array.from({ length: 40 }, () => Uint8Array.of(8)) }).header),
  ),
  lie("a header of a megabyte", "too-long", ({ last }) =>
    decodeHeader(concatBytes(last.header, new Uint8Array(1024 * 1024))),
  ),
  lie("more headers than one answer has", "too-long", ({ known, last }) =>
    verifyChain(
      known,
      Array.from({ length: 5000 }, () => last.header),
    ),
  ),
];

const body = (change: (honest: readonly Uint8Array[], w: World) => readonly Uint8Array[]) => (w: World) =>
  verifyBody(decodeHeader(w.last.header), change(w.last.body, w));

const bodyLies: readonly Lie[] = [
  lie(
    "an extrinsic left out",
    "body-root",
    body((honest) => honest.toSpliced(1, 1)),
  ),
  lie(
    "the last extrinsic left out",
    "body-root",
    body((honest) => honest.slice(0, -1)),
  ),
  lie(
    "an extrinsic added",
    "body-root",
    body((honest) => [...honest, extrinsic("RMRK::MINT")]),
  ),
  lie(
    "an extrinsic twice",
    "body-root",
    body((honest) => [...honest, honest[2]!]),
  ),
  lie(
    "extrinsics in another order",
    "body-root",
    body((honest) => [honest[0]!, honest[2]!, honest[1]!]),
  ),
  lie(
    "an extrinsic altered in one bit",
    "body-root",
    body((honest) => honest.with(1, altered(honest[1]!, -1))),
  ),
  lie(
    "the body of another block",
    "body-root",
    body((_, w) => w.blocks[1]!.body),
  ),
  lie(
    "no body",
    "body-root",
    body(() => []),
  ),
  lie(
    "two extrinsics joined to one",
    "body-root",
    body((honest) => [honest[0]!, concatBytes(honest[1]!, honest[2]!)]),
  ),
  lie(
    "a body of more bytes than any block has",
    "too-long",
    body((honest) => [...honest, new Uint8Array(9_000_000)]),
  ),
];

const other = (w: World): ModelBlock => w.chain.child(w.blocks[3]!, { body: [extrinsic("forged")] });

const finalityLies: readonly Lie[] = [
  lie("too few signatures", "votes-too-few", (w) => justified(w, { voters: votersOf(0).slice(0, 2) })),
  lie("no signature", "votes-too-few", (w) => justified(w, { voters: [] })),
  lie("one authority that votes three times", "vote-repeated", (w) => {
    const [first] = votersOf(0);
    return justified(w, { voters: [first!, first!, first!] });
  }),
  lie("one authority that votes for two descendants", "votes-too-few", (w) => {
    const [first, second] = votersOf(0);
    const above = w.chain.child(w.last);
    return justified(w, { voters: [first!, second!, second!], votedFor: [w.last, w.last, above], ancestry: [above] });
  }),
  lie("strangers who vote", "voter-unknown", (w) =>
    justified(w, { voters: [...votersOf(0).slice(0, 2), voter("stranger")] }),
  ),
  lie("votes of the next authorities", "voter-unknown", (w) => justified(w, { voters: votersOf(1), setId: 1 })),
  lie("votes that were cast for another set", "vote-signature", (w) => justified(w, { setId: 1 })),
  lie("votes of another round", "vote-signature", (w) =>
    step(w, ({ justification }) => ({ justification: altered(justification, 0) })),
  ),
  lie("a signature altered in one bit", "vote-signature", (w) =>
    step(w, ({ justification }) => ({ justification: altered(justification, 44 + 1 + 36 + 5) })),
  ),
  lie("a signature of another authority", "vote-signature", (w) => {
    const [a, b, c] = votersOf(0);
    return justified(w, { voters: [{ ...a!, secret: b!.secret }, b!, c!] });
  }),
  lie("the justification of another block", "justification-target", (w) =>
    step(w, () => ({ justification: justify(w.blocks[3]!) })),
  ),
  lie("a justification that names this block and votes for another", "vote-elsewhere", (w) =>
    justified(w, { votedFor: Array.from({ length: 4 }, () => other(w)) }),
  ),
  lie("votes for a fork, with its headers", "vote-elsewhere", (w) => {
    const fork = other(w);
    const above = w.chain.child(fork);
    return justified(w, { votedFor: Array.from({ length: 4 }, () => above), ancestry: [above, fork] });
  }),
  lie("votes for an older block", "vote-before-target", (w) =>
    justified(w, { votedFor: Array.from({ length: 4 }, () => w.blocks[3]!) }),
  ),
  lie("votes for a descendant whose headers are withheld", "vote-elsewhere", (w) =>
    justified(w, { votedFor: Array.from({ length: 4 }, () => w.chain.child(w.last)) }),
  ),
  lie("a vote with another number than its block", "vote-elsewhere", (w) => {
    const above = w.chain.child(w.last);
    const renumbered = { ...above, number: above.number + 1 };
    return justified(w, { votedFor: Array.from({ length: 4 }, () => renumbered), ancestry: [above] });
  }),
  lie("headers that no vote needs", "ancestry-unused", (w) => justified(w, { ancestry: [w.chain.child(w.last)] })),
  lie("a header twice among a justification's", "ancestry-repeated", (w) => {
    const above = w.chain.child(w.last);
    return justified(w, { votedFor: [above], ancestry: [above, above] });
  }),
  lie("a fork that nobody has finalized", "justification-target", (w) =>
    step(w, ({ headers }) => ({ headers: headers.with(4, other(w).header) })),
  ),
  lie("a justification with something behind it", "justification-malformed", (w) =>
    step(w, ({ justification }) => ({ justification: concatBytes(justification, Uint8Array.of(0)) })),
  ),
  lie("a justification that ends too early", "justification-malformed", (w) =>
    step(w, ({ justification }) => ({ justification: justification.subarray(0, -1) })),
  ),
  lie("a justification with a million votes", "justification-malformed", (w) =>
    step(w, ({ justification }) => ({
      justification: concatBytes(justification.subarray(0, 44), compact(1_000_000), justification.subarray(45)),
    })),
  ),
  lie("a justification of megabytes", "too-long", (w) =>
    step(w, () => ({ justification: new Uint8Array(5 * 1024 * 1024) })),
  ),
  lie("an older block as the newest final one", "finality-older", (w) =>
    demandNotOlder(finalizedAt(w.last), w.blocks[2]!),
  ),
  lie("another block as the newest final one", "finality-contradicted", (w) =>
    demandNotOlder(finalizedAt(w.last), other(w)),
  ),
  lie("a heavy authority's absence made up by many light ones", "votes-too-few", (w) => {
    const light = votersOf(0);
    const heavy = voter("heavy", 5);
    verifyJustification(justify(w.last, { voters: light }), w.last, authoritySet(0, [...light, heavy]));
  }),
];

/** Above a block that announces set 1, who vote from the second block after it on. */
function changing(delay = 1) {
  const chain = new ModelChain();
  const known = chain.last;
  const announcing = chain.grow({ logs: [scheduled(votersOf(1), delay)] });
  return { chain, known, announcing };
}

const authorityLies: readonly Lie[] = [
  lie("old authorities who go on after their end", "authorities-skipped", () => {
    const { chain, known, announcing } = changing();
    return advance(finalizedAt(known), stepTo([announcing, chain.grow(), chain.grow()]));
  }),
  lie("new authorities before their beginning", "voter-unknown", () => {
    const { chain, known, announcing } = changing();
    const votes = { voters: votersOf(1), setId: 1 };
    return advance(finalizedAt(known), stepTo([announcing, chain.grow()], votes));
  }),
  lie("old authorities once the new ones vote", "voter-unknown", () => {
    const { chain, known, announcing } = changing(0);
    const { finalized } = advance(finalizedAt(known), stepTo([announcing]));
    return advance(finalized, stepTo([chain.grow()]));
  }),
  lie("new authorities that vote as the set before", "vote-signature", () => {
    const { chain, known, announcing } = changing(0);
    const { finalized } = advance(finalizedAt(known), stepTo([announcing]));
    return advance(finalized, stepTo([chain.grow()], { voters: votersOf(1), setId: 0 }));
  }),
  lie("a change that is announced in no header", "voter-unknown", (w) =>
    advance(finalizedAt(w.known), stepTo(w.blocks, { voters: votersOf(7), setId: 1 })),
  ),
  lie("the header with the announcement replaced", "header-parent", () => {
    const { chain, known, announcing } = changing();
    const swapped = chain.child(known, { logs: [scheduled(votersOf(7), 1)] });
    const above = chain.child(announcing);
    return advance(finalizedAt(known), stepTo([swapped, above]));
  }),
  lie("a second announcement while the first is to come", "authorities-announced-twice", () => {
    const { chain, known, announcing } = changing(3);
    return advance(finalizedAt(known), stepTo([announcing, chain.grow({ logs: [scheduled(votersOf(2), 0)] })]));
  }),
  lie("authorities by force", "authorities-forced", ({ chain, last }) =>
    advance(finalizedAt(last), stepTo([chain.child(last, { logs: [forced(votersOf(1), 0)] })])),
  ),
  lie("an authority twice in a set", "authorities-malformed", ({ chain, last }) =>
    advance(
      finalizedAt(last),
      stepTo([chain.child(last, { logs: [scheduled([...votersOf(1), votersOf(1)[0]!], 0)] })]),
    ),
  ),
  lie("a set of nobody", "authorities-malformed", ({ chain, last }) =>
    advance(finalizedAt(last), stepTo([chain.child(last, { logs: [scheduled([], 0)] })])),
  ),
  lie("an authority without weight", "authorities-malformed", ({ chain, last }) =>
    advance(finalizedAt(last), stepTo([chain.child(last, { logs: [scheduled([voter("light", 0)], 0)] })])),
  ),
  lie("an announcement with something behind it", "authorities-malformed", ({ chain, last }) => {
    const log = grandpaLog(
      concatBytes(Uint8Array.of(1), authorityList(votersOf(1)), littleEndian(0, 4), Uint8Array.of(0)),
    );
    return advance(finalizedAt(last), stepTo([chain.child(last, { logs: [log] })]));
  }),
];

const asked = [names.owner, names.time];
const proof =
  (change: (honest: readonly Uint8Array[], w: World) => readonly Uint8Array[], keys: readonly string[] = asked) =>
  (w: World) =>
    verifyStorage(w.last.state.root, change(prove(w.last, keys), w), keys.map(keyBytesOf));
/** The part of a proof that holds what is named, which the answer cannot be found without. */
const holding = (parts: readonly Uint8Array[], text: string): number =>
  parts.findIndex((part) => Buffer.from(part).includes(text));

const storageLies: readonly Lie[] = [
  lie(
    "no proof",
    "proof-root-missing",
    proof(() => []),
  ),
  lie(
    "a proof of an older block",
    "proof-root-missing",
    proof((_, w) => prove(w.blocks[1]!, asked)),
  ),
  lie(
    "a proof of another fork",
    "proof-root-missing",
    proof((_, w) => {
      const fork = w.chain.child(w.blocks[3]!, { storage: [[names.owner, extrinsic("eve")]] });
      return prove(fork, asked);
    }),
  ),
  lie(
    "a proof without its root",
    "proof-root-missing",
    proof((honest) => honest.slice(1)),
  ),
  lie(
    "a proof that ends before the answer",
    "proof-incomplete",
    proof((honest) => honest.slice(0, -1)),
  ),
  lie(
    "a value by its hash that is withheld",
    "proof-incomplete",
    proof((honest) => honest.filter((part) => !(part.length === 200 && part[0] === 7)), [names.code]),
  ),
  lie(
    "another owner in the same node",
    "proof-incomplete",
    proof((honest) => {
      const at = holding(honest, "alice");
      const forged = Buffer.from(honest[at]!);
      forged.set(Buffer.from("mally"), forged.indexOf("alice"));
      return honest.with(at, forged);
    }),
  ),
  lie(
    "a node twice",
    "proof-repeated",
    proof((honest) => [...honest, honest[1]!]),
  ),
  lie(
    "a node that leads nowhere",
    "proof-unused",
    proof((honest) => [...honest, Uint8Array.of(0x41, 0x01, 0x00)]),
  ),
  lie(
    "nodes of other keys besides",
    "proof-unused",
    proof((_, w) => prove(w.last, [...asked, names.code])),
  ),
  lie(
    "a node with something behind it",
    "proof-incomplete",
    proof((honest) => honest.with(1, concatBytes(honest[1]!, Uint8Array.of(0)))),
  ),
  lie(
    "a node that was cut",
    "proof-incomplete",
    proof((honest) => honest.with(1, honest[1]!.subarray(0, -1))),
  ),
  lie("absence of what is there, by a node less", "proof-incomplete", (w) => {
    const absent = prove(w.last, [names.events.slice(0, -1)]);
    return verifyStorage(w.last.state.root, absent.slice(0, 1), [keyBytesOf(names.owner)]);
  }),
  lie("absence of what is there, by the proof of another key", "proof-incomplete", (w) =>
    verifyStorage(w.last.state.root, prove(w.last, [`${names.time}0`]), [keyBytesOf(names.owner)]),
  ),
  lie("absence of what is there, by an empty state", "proof-root-missing", (w) =>
    verifyStorage(w.last.state.root, [Uint8Array.of(0)], [keyBytesOf(names.owner)]),
  ),
  lie("a hash instead of a value where states have none", "proof-version", (w) =>
    verifyStorage(w.last.state.root, prove(w.last, [names.code]), [keyBytesOf(names.code)], 0),
  ),
  lie(
    "a proof of many megabytes",
    "too-long",
    proof((honest) => [...honest, new Uint8Array(9_000_000)]),
  ),
  lie(
    "a proof of many parts",
    "too-long",
    proof((honest) => [...honest, ...Array.from({ length: 5000 }, (_, i) => littleEndian(i, 4))]),
  ),
];

const parachain = 1000;
function relayed(head: Uint8Array | undefined) {
  const para = new ModelChain(7);
  const paraKnown = para.last;
  const next = para.grow();
  const relay = new ModelChain();
  const relayKnown = relay.last;
  const value = head ?? prefixed(next.header);
  const top = relay.grow({ storage: [[names.head(parachain), value]] });
  const from = { relay: finalizedAt(relayKnown, handoverOf()), block: paraKnown };
  const honest = { relay: stepTo([top]), headProof: prove(top, [names.head(parachain)]), headers: [next.header] };
  return { para, next, from, honest, top };
}

const parachainLies: readonly Lie[] = [
  lie("a private fork of a parachain", "parachain-head", () => {
    const { para, from, honest } = relayed(undefined);
    const mine = para.child(para.blocks[0]!, { body: [extrinsic("mine")] });
    return advanceParachain(from, { ...honest, headers: [mine.header] }, parachain);
  }),
  lie("a parachain's block that the relay chain has not accepted", "parachain-head", () => {
    const { para, next, from, honest } = relayed(undefined);
    return advanceParachain(from, { ...honest, headers: [next.header, para.child(next).header] }, parachain);
  }),
  lie("a parachain that goes back", "parachain-head", () => {
    const { para, next, from, honest } = relayed(undefined);
    const ahead = { ...from, block: para.child(next) };
    return advanceParachain(ahead, { ...honest, headers: [] }, parachain);
  }),
  lie("a parachain that is not there", "parachain-unknown", () => {
    const { from, honest, top } = relayed(undefined);
    return advanceParachain(from, { ...honest, headProof: prove(top, [names.head(2000)]) }, 2000);
  }),
  lie("another parachain's head", "proof-incomplete", () => {
    const { from, honest, top } = relayed(undefined);
    return advanceParachain(from, { ...honest, headProof: prove(top, [names.time]) }, parachain);
  }),
  lie("a head with something behind it", "header-malformed", () => {
    const { next } = relayed(undefined);
    const { from, honest } = relayed(concatBytes(prefixed(next.header), Uint8Array.of(0)));
    return advanceParachain(from, honest, parachain);
  }),
];

const timeLies: readonly Lie[] = [
  lie("a state without a time", "time-missing", () => decodeTime(undefined)),
  lie("a time of too many bytes", "time-malformed", () => decodeTime(new Uint8Array(9))),
  lie("a time beyond all calendars", "time-malformed", () => decodeTime(new Uint8Array(8).fill(255))),
  lie("a time before the last one", "time-backwards", () => laterTime(timeOf(9), timeOf(8))),
];

export const lies: readonly Lie[] = [
  ...headerLies,
  ...bodyLies,
  ...finalityLies,
  ...authorityLies,
  ...storageLies,
  ...parachainLies,
  ...timeLies,
];
