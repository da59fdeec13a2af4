/** Lies about finality: who voted, for what, and above which headers. */
import { concatBytes } from "#protocol/bytes.ts";
import { demandNotOlder } from "#enclave/ledger/proof/finality.ts";
import { verifyJustification } from "#enclave/ledger/proof/justification.ts";
import { authoritySet, compact, finalizedAt, justify, voter, votersOf } from "../../support/model-chain.ts";
import { altered, justified, lie, rival, step, type Lie } from "./lie.ts";

export const finalityLies: readonly Lie[] = [
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
    justified(w, { votedFor: Array.from({ length: 4 }, () => rival(w)) }),
  ),
  lie("votes for a fork, with its headers", "vote-elsewhere", (w) => {
    const fork = rival(w);
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
    step(w, ({ headers }) => ({ headers: headers.with(4, rival(w).header) })),
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
    demandNotOlder(finalizedAt(w.last), rival(w)),
  ),
  lie("a heavy authority's absence made up by many light ones", "votes-too-few", (w) => {
    const light = votersOf(0);
    const heavy = voter("heavy", 5);
    verifyJustification(justify(w.last, { voters: light }), w.last, authoritySet(0, [...light, heavy]));
  }),
];
