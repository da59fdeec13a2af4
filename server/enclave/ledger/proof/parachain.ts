/**
 * A parachain is as final as its head in the relay chain's state: `Paras.Heads`, by a storage proof (Polkadot
 * specification, chapter 8 "Availability & Validity": parachains' heads).
 */
import { demand } from "./errors.ts";
import { advance, type Finalized, type FinalityStep, type BlockRef } from "./finality.ts";
import { decodeHeader, hashOf, verifyChain, type Header } from "./header.ts";
import { ScaleReader } from "./scale.ts";
import { parachainHeadKey } from "./storage-keys.ts";
import { verifyStorage } from "./storage.ts";
import type { StateVersion } from "./trie.ts";

export interface ParachainFinalized {
  readonly relay: Finalized;
  readonly block: BlockRef;
}

export interface ParachainStep {
  readonly relay: FinalityStep;
  /** Of the parachain's head, from the state of the relay chain's last header. */
  readonly headProof: readonly Uint8Array[];
  /** The parachain's, oldest first; none if its head is still the same. */
  readonly headers: readonly Uint8Array[];
}

/** @throws ProofError as `advance` and `verifyStorage`; "parachain-unknown", "parachain-head". */
export function advanceParachain(
  from: ParachainFinalized,
  { relay: relayStep, headProof, headers: encoded }: ParachainStep,
  parachain: number,
  relayVersion: StateVersion = 1,
): { readonly finalized: ParachainFinalized; readonly headers: readonly Header[] } {
  const relay = advance(from.relay, relayStep);
  const head = provenHead(relay.headers.at(-1)!, headProof, parachain, relayVersion);
  const headers = verifyChain(from.block, encoded);
  const last = headers.at(-1) ?? from.block;
  demand(last.hash === head.hash, "parachain-head", `block ${last.number} instead of ${head.number}`);
  return { finalized: { relay: relay.finalized, block: { hash: last.hash, number: last.number } }, headers };
}

function provenHead(relay: Header, proof: readonly Uint8Array[], parachain: number, version: StateVersion): BlockRef {
  const [head] = verifyStorage(relay.stateRoot, proof, [parachainHeadKey(parachain)], version);
  demand(head !== undefined, "parachain-unknown", String(parachain));
  const reader = new ScaleReader(head, "header-malformed");
  const bytes = reader.prefixed();
  reader.end();
  return { hash: hashOf(bytes), number: decodeHeader(bytes).number };
}
