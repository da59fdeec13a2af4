/** What happened to each NFT, in the order of the chain, with the block that says so. */
import type { ItemEvent } from "#rmrk/events.ts";
import type { NftId } from "#rmrk/ids.ts";

export interface Happening {
  readonly block: number;
  /** Of that block, 64 hexadecimal digits. */
  readonly hash: string;
  readonly event: ItemEvent;
}

/** Of one NFT: the newest. */
const keptOfEach = 50;

export class History {
  readonly #byNft = new Map<NftId, Happening[]>();

  add(event: ItemEvent, block: number, hash: string): void {
    if (!("nft" in event)) return;
    for (const nft of new Set([event.nft, ...("on" in event ? [event.on] : [])])) {
      const before = this.#byNft.get(nft);
      const happening = { block, hash, event };
      if (before === undefined) this.#byNft.set(nft, [happening]);
      else if (before.push(happening) > keptOfEach) before.shift();
    }
  }

  /** Newest first. */
  of(nft: NftId): readonly Happening[] {
    return (this.#byNft.get(nft) ?? []).toReversed();
  }
}
