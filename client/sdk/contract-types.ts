/** What a room's moves and views are, read from its contract: `MoveOf<typeof dot4>`. */
import type { AnyContract, Contract } from "#contract/contract.ts";

/** What a player of this contract may do. */
// oxlint-disable-next-line no-explicit-any -- the state is not ours to see
export type MoveOf<C extends AnyContract> = C extends Contract<any, infer Move, any> ? Move : never;

/** What a player of this contract may see. */
// oxlint-disable-next-line no-explicit-any -- the state is not ours to see
export type ViewOf<C extends AnyContract> = C extends Contract<any, any, infer View> ? View : never;
