/** What players bring into a room besides themselves: a ticket of another room, what was kept for them, the moderator's key. */
import { equalBytes } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { AuthMessage } from "#protocol/message.ts";
import { StoreError } from "#protocol/store.ts";
import type { Records } from "./records/records.ts";
import type { Brought } from "./room/inputs.ts";
import type { HostedRoom } from "./rooms.ts";
import type { Tickets } from "./travel/tickets.ts";
import { VaultError } from "./vault/errors.ts";

export interface BaggageSetup {
  readonly tickets: Tickets;
  readonly records: Records;
  /** Ed25519 public key, 32 bytes; undefined in worlds without a moderator. */
  readonly moderator: Uint8Array | undefined;
}

export class BaggageDesk {
  readonly #setup: BaggageSetup;

  constructor(setup: BaggageSetup) {
    this.#setup = setup;
  }

  /**
   * What somebody whose account was checked brings; undefined if nothing. Spectators bring nothing.
   *
   * @throws ProtocolError "ticket-refused"; or the promise rejects with it, "record-rolled-back" or, if what was kept cannot be
   *   read, "store-unavailable" or "store-damaged".
   */
  check(hosted: HostedRoom, player: PlayerId, auth: AuthMessage): Brought | undefined | Promise<Brought> {
    if (auth.want === "watch") return undefined;
    const { tickets, moderator } = this.#setup;
    const { room } = hosted;
    const here = { room: room.id, contract: room.manifest.name };
    const brought: Brought = {
      ...(auth.ticket === undefined ? {} : { arrival: tickets.open(auth.ticket, player, here) }),
      ...(moderator !== undefined && equalBytes(auth.account, moderator) ? { moderator: true } : {}),
    };
    if (room.manifest.records === true) return this.#withRecord(hosted, player, brought);
    return Object.keys(brought).length === 0 ? undefined : brought;
  }

  /** Whether the room knows something newer than a record that was brought: it was kept while that was on its way. */
  isStale({ room }: HostedRoom, player: PlayerId, { record }: Brought): boolean {
    if (record === undefined) return false;
    const known = room.outside.versionOf(player);
    return known !== undefined && known.number > record.version.number;
  }

  async #withRecord({ room, lineage }: HostedRoom, player: PlayerId, brought: Brought): Promise<Brought> {
    if (lineage === undefined) return brought;
    const pending = room.outside.pendingFor(player);
    const known = room.outside.versionOf(player);
    // Newer than whatever is kept; its version becomes known by the room itself.
    if (pending !== undefined && known !== undefined) return { ...brought, record: { value: pending, version: known } };
    try {
      return { ...brought, record: await this.#setup.records.load(lineage, player, known) };
    } catch (error) {
      if (error instanceof StoreError) throw new ProtocolError("store-unavailable");
      if (error instanceof VaultError) throw new ProtocolError("store-damaged");
      throw error;
    }
  }
}
