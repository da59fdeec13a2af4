/**
 * A call as whoever follows the chain decodes it, with that runtime's metadata. Names are those of metadata in camel
 * case; of the arguments only these are read:
 *
 * - system: remark and remarkWithEvent `{ remark: Uint8Array }`
 * - utility: batch, batchAll and forceBatch `{ calls: Call[] }`
 * - proxy: proxy and proxyAnnounced `{ real: AccountId, call: Call }`
 * - multisig: asMulti and asMultiThreshold1 `{ threshold?: number, otherSignatories: AccountId[], call: Call }`
 * - balances: transfer, transferAllowDeath and transferKeepAlive `{ dest: AccountId, value: bigint }`
 *
 * An address that is no account (an index, a raw one) is given as undefined, an opaque call decoded.
 */
import type { AccountId } from "../account.ts";

export interface Call {
  readonly section: string;
  readonly method: string;
  readonly args: { readonly [name: string]: unknown };
}

/**
 * An event of an extrinsic, in the order of the chain. Of their data only these are read:
 *
 * - utility: BatchInterrupted `{ index: number }`
 * - proxy: ProxyExecuted `{ ok: boolean }`
 * - multisig: MultisigExecuted `{ multisig: AccountId, ok: boolean }`
 */
export interface ChainEvent {
  readonly section: string;
  readonly method: string;
  readonly data: { readonly [name: string]: unknown };
}

export interface Extrinsic {
  readonly block: number;
  /** In the block. */
  readonly index: number;
  /** Undefined: an inherent, which nobody signed. */
  readonly signer: AccountId | undefined;
  readonly call: Call;
  readonly events: readonly ChainEvent[];
  /** Whether its runtime's utility pallet has the event ItemCompleted: all do since 2022. */
  readonly itemEvents: boolean;
}
