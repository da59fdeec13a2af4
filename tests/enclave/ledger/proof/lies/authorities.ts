/** Lies about who the authorities are, and from when on. */
import { concatBytes } from "#protocol/bytes.ts";
import { advance } from "#enclave/ledger/proof/finality.ts";
import {
  authorityList,
  finalizedAt,
  forced,
  grandpaLog,
  littleEndian,
  ModelChain,
  scheduled,
  stepTo,
  voter,
  votersOf,
} from "../../support/model-chain.ts";
import { lie, type Lie } from "./lie.ts";

/** Above a block that announces set 1, who vote from the second block after it on. */
function changing(delay = 1) {
  const chain = new ModelChain();
  const known = chain.last;
  const announcing = chain.grow({ logs: [scheduled(votersOf(1), delay)] });
  return { chain, known, announcing };
}

export const authorityLies: readonly Lie[] = [
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
