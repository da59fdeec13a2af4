/** Lies about a parachain, which another chain finalizes, and about how late it is. */
import { concatBytes } from "#protocol/bytes.ts";
import { advanceParachain } from "#enclave/ledger/proof/parachain.ts";
import { decodeTime, laterTime } from "#enclave/ledger/proof/time.ts";
import {
  extrinsic,
  finalizedAt,
  handoverOf,
  ModelChain,
  names,
  prefixed,
  prove,
  stepTo,
  timeOf,
} from "../../support/model-chain.ts";
import { lie, type Lie } from "./lie.ts";

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

export const parachainLies: readonly Lie[] = [
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

export const timeLies: readonly Lie[] = [
  lie("a state without a time", "time-missing", () => decodeTime(undefined)),
  lie("a time of too many bytes", "time-malformed", () => decodeTime(new Uint8Array(9))),
  lie("a time beyond all calendars", "time-malformed", () => decodeTime(new Uint8Array(8).fill(255))),
  lie("a time before the last one", "time-backwards", () => laterTime(timeOf(9), timeOf(8))),
];
