/** All that goes from one room to another, or to the world's moderator: tickets, records, reports. */
import { hexToBytes } from "#protocol/bytes.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { lineageId } from "#protocol/manifest.ts";
import type { Store } from "#protocol/store.ts";
import type { TicketEntry } from "#protocol/travel.ts";
import type { Value } from "#protocol/value.ts";
import { BaggageDesk } from "./baggage.ts";
import { KeepingDesk } from "./keeping.ts";
import { lossOf, Reports } from "./moderation/reports.ts";
import { Records } from "./records/records.ts";
import type { Saving, Version } from "./room/kept.ts";
import type { Passage } from "./room/happenings.ts";
import type { HostedRoom } from "./rooms.ts";
import { Tickets } from "./travel/tickets.ts";

export interface BetweenRoomsSetup {
  /** 32 bytes. */
  readonly world: Uint8Array;
  /** 32 secret bytes. */
  readonly worldKey: Uint8Array;
  /** Ed25519 public key, 64 hex digits; undefined in worlds without a moderator. */
  readonly moderator: string | undefined;
  /** Undefined while nobody offers one. */
  readonly store: () => Store | undefined;
  readonly random: (length: number) => Uint8Array;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** What was to be kept for a player is, or something else was kept elsewhere. */
  readonly kept: (room: HostedRoom, player: PlayerId, version: Version | null) => void;
  readonly log: (event: BetweenRoomsEvent) => void;
  readonly bug: (error: unknown) => void;
}

/** For the operator. Names nobody. */
export type BetweenRoomsEvent = { readonly event: "report-lost"; readonly code: string };

export class BetweenRooms {
  readonly baggage: BaggageDesk;
  readonly #setup: BetweenRoomsSetup;
  readonly #tickets: Tickets;
  readonly #keeping: KeepingDesk;
  readonly #reports: Reports;

  constructor(setup: BetweenRoomsSetup) {
    const { world, worldKey, store, random, now, kept, bug } = setup;
    const moderator = setup.moderator === undefined ? undefined : hexToBytes(setup.moderator);
    this.#setup = setup;
    const records = new Records({ world, store });
    this.#tickets = new Tickets({ world, worldKey, random, now });
    this.baggage = new BaggageDesk({ tickets: this.#tickets, records, moderator });
    this.#keeping = new KeepingDesk({ records, kept, bug });
    this.#reports = new Reports({ world, worldKey, moderator, store, random });
  }

  /** By which the moderator knows reports of this world; 32 bytes. */
  get reportKey(): Uint8Array {
    return this.#reports.key;
  }

  ticket({ room }: HostedRoom, player: PlayerId, passage: Passage): TicketEntry {
    return this.#tickets.issue(player, passage, { room: room.id, contract: room.manifest.name });
  }

  keep(hosted: HostedRoom, saving: Saving): void {
    this.#keeping.keep(hosted, saving);
  }

  report({ room, contract, lineage }: HostedRoom, report: Value): void {
    const { world, log, bug } = this.#setup;
    const by = lineage?.lineage ?? lineageId(world, contract.hash);
    this.#reports
      .file({ room: room.id, contract: room.manifest.name, lineage: by, report })
      .then((filed) => {
        if (!filed) log({ event: "report-lost", code: "nobody-keeps-it" });
      })
      .catch((error: unknown) => {
        const code = lossOf(error);
        if (code === undefined) bug(error);
        else log({ event: "report-lost", code });
      });
  }

  close(): void {
    this.#keeping.close();
  }
}
