/**
 * Players' items, for the rooms of this worker: what rooms award is handed on and its progress told, what players own is told
 * to rules that ask, and what rules use up is used up.
 */
import type { VoucherEntry } from "#protocol/award.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { accountOf } from "#rmrk/account.ts";
import type { Awarded } from "./reward/award.ts";
import { AwardDesk, type AwardDeskSetup } from "./reward/award-desk.ts";
import { Holdings } from "./reward/holdings.ts";
import type { Consumption } from "./room/consuming.ts";
import type { HostedRoom, Rooms } from "./rooms.ts";
import { stored } from "./stored.ts";

export interface ItemDeskSetup extends Omit<AwardDeskSetup, "told"> {
  readonly rooms: Pick<Rooms, "all" | "find">;
  /** A room may have work now. */
  readonly touched: (room: HostedRoom) => void;
}

export class ItemDesk {
  readonly #setup: ItemDeskSetup;
  readonly #awards: AwardDesk;
  /** Undefined where no chain is. */
  readonly #holdings: Holdings | undefined;
  #telling = false;
  #closed = false;

  private constructor(setup: ItemDeskSetup, awards: AwardDesk) {
    const { recipients, chain, now } = setup;
    this.#setup = setup;
    this.#awards = awards;
    if (chain === undefined) return;
    this.#holdings = new Holdings({
      view: () => awards.view,
      recipients,
      isUsed: (item) => awards.isUsed(item),
      nfts: awards.nfts && ((account, view) => awards.nfts!.of(account, view)),
      ageMaxMs: chain.ageMaxMs,
      now,
    });
  }

  /** @throws PlatformError "platform-unavailable". */
  static async open(setup: ItemDeskSetup): Promise<ItemDesk> {
    const { rooms, touched } = setup;
    const told = (player: PlayerId, entries: readonly VoucherEntry[]): void => {
      for (const hosted of rooms.all()) if (hosted.room.outside.tellVouchers(player, entries)) touched(hosted);
    };
    return new ItemDesk(setup, await AwardDesk.open({ ...setup, told }));
  }

  /** Begins to follow the chain, if there is one. */
  start(): void {
    this.#awards.start();
  }

  close(): void {
    this.#closed = true;
    this.#awards.close();
  }

  /** The account that issues what a lineage awards, 32 bytes. Undefined for a lineage that is not here. */
  issuerOf(lineage: Uint8Array): Uint8Array | undefined {
    return this.#awards.issuerOf(lineage);
  }

  /** A room has awarded something; see `AwardDesk.award`. */
  award(lineage: Uint8Array, awarded: Awarded): void {
    this.#awards.award(lineage, awarded);
  }

  /** How far what this player earned has come. */
  standing(player: PlayerId): readonly VoucherEntry[] {
    return this.#awards.standing(player);
  }

  /** A room uses up an item, and is told what came of it. */
  consume(hosted: HostedRoom, one: Consumption): void {
    this.#consume(hosted, one).catch((error: unknown) => this.#setup.bug(error));
  }

  /** Tells rooms whose rules ask what their players own, where it is different from what they were told. */
  look(): void {
    this.#look().catch((error: unknown) => this.#setup.bug(error));
  }

  async #consume(hosted: HostedRoom, one: Consumption): Promise<void> {
    const { rooms, touched } = this.#setup;
    const { room, lineage } = hosted;
    const here = (): boolean => !this.#closed && rooms.find(room.id) === hosted;
    // Whoever opens the room again asks again.
    const refused = await stored(() => this.#awards.consume(lineage?.lineage, room.id, one), here);
    if (refused === undefined || !here()) return;
    room.outside.consumed(one.n, refused);
    touched(hosted);
  }

  async #look(): Promise<void> {
    const { rooms, touched } = this.#setup;
    const holdings = this.#holdings;
    if (holdings === undefined || this.#telling) return;
    this.#telling = true;
    try {
      for (const hosted of rooms.all()) {
        const { room, lineage } = hosted;
        if (!room.outside.wantsItems) continue;
        const issuer = lineage && this.issuerOf(lineage.lineage);
        if (await holdings.look(room.outside, issuer && accountOf(issuer))) touched(hosted);
      }
    } finally {
      this.#telling = false;
    }
  }
}
