/** What the vectors of proofs hold: answers about the default development chain, which verify as long as proofs mean the same. */

export interface ChainProofs {
  readonly genesis: string;
  /** Of set 0 and of set 1. */
  readonly authorities: readonly (readonly string[])[];
  /** Encoded, of blocks 1 to 4. Block 2 announces set 1 for what comes after block 3. */
  readonly headers: readonly string[];
  readonly hashes: readonly string[];
  /** Of block 3 by set 0, of block 4 by set 1. */
  readonly justifications: readonly string[];
  /** Of block 4, with a batch of remarks. */
  readonly body: readonly string[];
  /** Of block 4's time, of an account that is there and of one that is not. */
  readonly proof: readonly string[];
  readonly keys: readonly string[];
  readonly values: readonly (string | null)[];
}
