/** A state and short ways to speak to it: each saying is an extrinsic of its own, in the next block unless it is told. */
import { expect } from "vitest";
import type { AccountId } from "#rmrk/account.ts";
import type { Part } from "#rmrk/codec/base.ts";
import { encodeRemark, type Interaction } from "#rmrk/codec/interaction.ts";
import type { Mint } from "#rmrk/codec/nft.ts";
import type { Resource } from "#rmrk/codec/resource.ts";
import { apply, type Outcome } from "#rmrk/consolidator.ts";
import type { RefusalCode } from "#rmrk/errors.ts";
import { baseIdOf, collectionIdOf, nftIdOf, type BaseId, type CollectionId, type NftId } from "#rmrk/ids.ts";
import type { Transfer } from "#rmrk/remark.ts";
import { faultOf } from "#rmrk/state/invariants.ts";
import { emptyState, type State } from "#rmrk/state/state.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";
import { metadata, mintOf, resourceOf } from "./making.ts";
import { alice, prefix } from "./people.ts";

export class Ledger {
  state: State = emptyState(prefix);
  block = 100;
  #extrinsic = 0;

  say(caller: AccountId, interaction: Interaction | string, transfers: readonly Transfer[] = []): Outcome {
    this.#extrinsic += 1;
    const outcome = this.sayAgain(caller, interaction, transfers);
    return outcome;
  }

  /** In the same extrinsic as the last one. */
  sayAgain(caller: AccountId, interaction: Interaction | string, transfers: readonly Transfer[] = []): Outcome {
    const bytes = typeof interaction === "string" ? utf8ToBytes(interaction) : encodeRemark(interaction, prefix);
    const outcome = apply(this.state, { block: this.block, extrinsic: this.#extrinsic, caller, bytes, transfers });
    expect(faultOf(this.state)).toBeUndefined();
    return outcome;
  }

  /** What must be accepted. */
  do(caller: AccountId, interaction: Interaction, transfers: readonly Transfer[] = []): void {
    const outcome = this.say(caller, interaction, transfers);
    if (!outcome.accepted) throw new Error(`${interaction.op} was refused: ${outcome.code}`);
  }

  /** Undefined if it was accepted. */
  refusal(
    caller: AccountId,
    interaction: Interaction | string,
    transfers?: readonly Transfer[],
  ): RefusalCode | undefined {
    const outcome = this.say(caller, interaction, transfers);
    return outcome.accepted ? undefined : outcome.code;
  }

  create(symbol: string, more: { readonly issuer?: AccountId; readonly max?: number } = {}): CollectionId {
    const issuer = more.issuer ?? alice;
    const id = collectionIdOf(issuer, symbol);
    this.do(issuer, { op: "CREATE", id, issuer, symbol, max: more.max ?? 0, metadata });
    return id;
  }

  base(symbol: string, parts: readonly Part[], themes: readonly string[] = []): BaseId {
    const named = new Map(themes.map((name) => [name, { inherit: false, colours: new Map([["main", name]]) }]));
    this.do(alice, { op: "BASE", issuer: alice, symbol, type: "mixed", parts, themes: named, metadata: undefined });
    return baseIdOf(this.block, symbol);
  }

  /** By Alice. */
  mint(collection: CollectionId, serial: number, recipient?: AccountId | NftId, more: Partial<Mint> = {}): NftId {
    const interaction = mintOf(collection, serial, recipient, more);
    this.do(this.state.collections.get(collection)!.issuer, interaction);
    return nftIdOf(this.block, collection, interaction.symbol, interaction.serial);
  }

  resource(nft: NftId, more: Partial<Resource> & { readonly id: string }, replaces?: string): void {
    this.do(alice, { op: "RESADD", nft, resource: resourceOf(more), replaces });
  }
}
