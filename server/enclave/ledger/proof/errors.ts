/** Every reason not to believe what a node says about a chain. Programs read the code; operators read the sentence. */
export const proofErrors = {
  // Reading
  "header-malformed": "A block header cannot be read.",
  "justification-malformed": "A proof of finality cannot be read.",
  "proof-malformed": "A storage proof cannot be read.",
  "checkpoint-malformed": "The checkpoint that this worker starts from cannot be read.",
  "too-long": "What was sent is longer than anything of its kind.",

  // Headers
  "header-hash": "A header is not the one that was asked for.",
  "header-parent": "A header does not follow the one before it.",
  "header-number": "A header's number is not its parent's plus one.",
  "headers-missing": "Headers between two blocks are missing.",

  // Bodies
  "body-root": "A block's extrinsics are not those that its header commits to.",

  // Finality
  "justification-target": "A proof of finality is for another block.",
  "voter-unknown": "A vote is of somebody who has none.",
  "vote-signature": "A vote is forged, or was cast in another round or by another set of authorities.",
  "vote-repeated": "The same authority's votes are more than an equivocation has.",
  "vote-before-target": "A vote is for an older block than the one it should finalize.",
  "vote-elsewhere": "A vote is for a block that does not descend from the one it should finalize.",
  "ancestry-repeated": "A header is named twice among a justification's.",
  "ancestry-unused": "A justification names headers that no vote needs.",
  "votes-too-few": "Not enough authorities have voted for this block.",
  "authorities-skipped": "This block is above a change of authorities that was not proven first.",
  "authorities-forced": "Authorities were changed by force. A new checkpoint is needed.",
  "authorities-malformed": "A header announces authorities that cannot be read.",
  "authorities-announced-twice": "A header announces authorities while others are still to come.",
  "finality-contradicted": "A block is said to be final that contradicts one which is.",
  "finality-older": "A block that is said to be the newest final one is older than one that is final.",

  // Storage
  "proof-root-missing": "A storage proof does not begin at the state's root.",
  "proof-incomplete": "A storage proof ends before it comes to an answer.",
  "proof-repeated": "A storage proof holds something twice.",
  "proof-unused": "A storage proof holds something that leads to none of its keys.",
  "proof-version": "A storage proof is of another state version than its chain's.",

  // Parachains
  "parachain-unknown": "The relay chain knows no head of this parachain.",
  "parachain-head": "The relay chain's head of this parachain is another one.",

  // Runtimes
  "runtime-unpinned": "The chain runs code that this worker does not know. It needs a newer version.",
  "runtime-missing": "The state says no version of its code.",
  "metadata-other": "The description of the chain's code is not the one that this worker was made for.",
  "metadata-malformed": "The description of the chain's code cannot be read.",
  "extension-unknown": "The chain wants something in a transaction that this worker does not know.",
  "extrinsic-malformed": "An extrinsic cannot be read as the chain's code would.",
  "events-malformed": "A block's events cannot be read as the chain's code would.",
  "account-malformed": "An account's state cannot be read.",
  "item-malformed": "An item's state cannot be read.",
  "fee-malformed": "What the chain asks for transactions cannot be read.",

  // Time
  "time-missing": "The state says no time.",
  "time-malformed": "The state's time is none.",
  "time-backwards": "The newest final block says an earlier time than one before it.",
} as const;

export type ProofErrorCode = keyof typeof proofErrors;

/** Whoever said this is wrong, or lies. Nothing of it is kept. */
export class ProofError extends Error {
  override readonly name = "ProofError";
  readonly code: ProofErrorCode;
  readonly detail: string | undefined;

  constructor(code: ProofErrorCode, detail?: string) {
    super(detail === undefined ? code : `${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

export function demand(condition: boolean, code: ProofErrorCode, detail?: string): asserts condition {
  if (!condition) throw new ProofError(code, detail);
}
