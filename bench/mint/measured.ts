/** What the process that issues says of its run. */
export interface MintAmounts {
  /** Awards that wait when issuing begins, for what batching does. */
  readonly waiting: number;
  /** Awards that come one by one, a block each, for how long each takes. */
  readonly single: number;
}

export interface MintMeasured {
  readonly awards: number;
  /** From the first award that was taken until the last one is final. */
  readonly seconds: number;
  /** Blocks that hold any of them, and the most in one. */
  readonly blocks: number;
  readonly mostInBlock: number;
  readonly bytesPerAward: number;
  /** From the room's word until the item is proven to be final, block by block. */
  readonly finalMs: readonly number[];
  /** Of a block with a full batch: extrinsics, events, headers and finality, all of it proven. */
  readonly blockProofBytes: number;
  readonly blockProofMs: readonly number[];
  /** That an account's state is what it is: finality of one block, and a storage proof. */
  readonly stateProofBytes: number;
  readonly stateProofMs: readonly number[];
}
