/** To whom items go: rooms know players by ids, chains know accounts. `WalletLinks` is one. */
import type { PlayerId } from "#protocol/identity.ts";

export interface Recipients {
  /** The account that this player has linked and proven to hold, 32 bytes; undefined: none so far. May reject. */
  findRecipient(player: PlayerId): Promise<Uint8Array | undefined>;
  /** Calls `listener` whenever a player has linked one. Returns how to stop. */
  listen(listener: (player: PlayerId) => void): () => void;
}
