/** What one client of a room has been told so far: the view its patches add up to, answers, messages, awards. */
import type { ErrorCode } from "#protocol/errors.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { AwardEntry, RosterEntry, Status, UpdateMessage, WorkerMessage } from "#protocol/message.ts";
import type { WireTable } from "#protocol/entities/layout.ts";
import { applyPatch } from "#protocol/patch.ts";
import { rosterAfter } from "#protocol/roster.ts";
import type { TicketEntry } from "#protocol/travel.ts";
import type { Value } from "#protocol/value.ts";
import type { Viewer } from "#contract/contract.ts";
import type { UsedTicket } from "#enclave/room/arrivals.ts";
import { SeenRows } from "./seen-rows.ts";

export class Participant {
  readonly index: number;
  readonly player: PlayerId;
  readonly name: string;
  readonly want: "play" | "watch";
  /** Undefined while not connected. */
  connection: number | undefined;
  /** Undefined before it was admitted, null for a spectator. */
  seat: number | null | undefined;
  /** How this client came, if another room let it through; and whether it has the moderator's key. */
  arrival: UsedTicket | undefined;
  moderator = false;
  /** Moves sent so far; the newest one's number. */
  moves = 0;
  /** Undefined until the first update on this connection. */
  view: Value | undefined;
  tick = 0;
  roster: readonly RosterEntry[] = [];
  status: Status | undefined;
  closed: ErrorCode | undefined;
  readonly outcomes = new Map<number, string | null>();
  readonly sent: Value[] = [];
  readonly awards: AwardEntry[] = [];
  readonly tickets: TicketEntry[] = [];
  readonly rows: SeenRows;
  /** What this client wants at every tick, by field of the contract's input. */
  wanted: { readonly [field: string]: number } = {};
  /** Input rows sent on this connection. */
  pushes = 0;

  constructor(index: number, player: PlayerId, name: string, want: "play" | "watch", tables: readonly WireTable[]) {
    this.index = index;
    this.player = player;
    this.name = name;
    this.want = want;
    this.rows = new SeenRows(tables);
  }

  /** As the contract is asked for this client's view; undefined before it was admitted. */
  get viewer(): Viewer | undefined {
    const { seat, player } = this;
    if (seat === undefined) return undefined;
    return seat === null ? { kind: "spectator" } : { kind: "player", id: player, seat };
  }

  /** A new connection starts from nothing. */
  connect(connection: number): void {
    this.connection = connection;
    this.view = undefined;
    this.rows.clear();
    this.wanted = {};
    this.pushes = 0;
    this.closed = undefined;
  }

  take(message: WorkerMessage): void {
    switch (message.type) {
      case "admitted":
        this.seat = message.seat;
        this.moves = Math.max(this.moves, message.moves);
        return;
      case "update":
        return this.#update(message);
      case "closed":
        this.closed = message.code;
        this.connection = undefined;
        return;
      case "entities":
        return this.rows.take(message.body);
      case "frozen":
      case "pong":
      case "revealed":
      case "linked":
      case "vouchers":
      case "witness":
    }
  }

  #update({ tick, patch, outcomes, sent, awards, tickets, roster, seats, status }: UpdateMessage): void {
    this.tick = tick;
    if (patch !== undefined) this.view = applyPatch(this.view ?? null, patch);
    for (const [n, reason] of outcomes ?? []) this.outcomes.set(n, reason);
    this.sent.push(...(sent ?? []));
    this.awards.push(...(awards ?? []));
    this.tickets.push(...(tickets ?? []));
    this.roster = roster ?? (seats === undefined ? this.roster : rosterAfter(this.roster, seats));
    this.status = status ?? this.status;
  }
}
