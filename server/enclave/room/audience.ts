/**
 * Everybody connected to a room, and what each has been told. Patches are made here, between one viewer's own views.
 */
import type { VoucherEntry } from "#protocol/award.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { AwardEntry, OutcomeEntry, Status, UpdateMessage, WorkerMessage } from "#protocol/message.ts";
import { diff, type Patch } from "#protocol/patch.ts";
import type { TicketEntry } from "#protocol/travel.ts";
import type { Value } from "#protocol/value.ts";
import type { Roster } from "./roster.ts";
import type { Seat } from "./seats.ts";
import { hasWords, takeWords } from "./words.ts";

/** The gate's number for one channel. */
export type ConnectionId = number;

/** Where a room's words go. The gate encrypts them; the testing kit compares them. */
export interface RoomOutput {
  send(connection: ConnectionId, message: WorkerMessage): void;
  /** Whether much still waits on the way to this connection that was said earlier. Absent where nothing ever does. */
  isFull?(connection: ConnectionId): boolean;
  /** Past what waits for players; see `HeldOutput`. Absent where nothing does. */
  sendEarly?(connection: ConnectionId, message: WorkerMessage): void;
  /** Tells the client why, then closes its channel. */
  close(connection: ConnectionId, code: ErrorCode): void;
  /** The same, past everything that waits. Absent where nothing does. */
  closeAtOnce?(connection: ConnectionId, code: ErrorCode): void;
}

export interface Viewer {
  readonly connection: ConnectionId;
  readonly player: PlayerId;
  /** Undefined for spectators. */
  seat: Seat | undefined;
  /** What this channel shows; undefined before the first update. */
  view: Value | undefined;
  /** Which of the newest views that was; see `views.ts`. */
  viewTold: number;
  /** Versions of roster and status last told. */
  rosterTold: number;
  statusTold: number;
  /** Records that were durable when this viewer was last handed a witness. */
  witnessed: number;
  /** Whether this viewer was told that the log is revealed. */
  revealTold: boolean;
  outcomes: OutcomeEntry[];
  sent: Value[];
  awards: AwardEntry[];
  /** What was earned and stands differently. */
  vouchers: VoucherEntry[];
  tickets: TicketEntry[];
  /** Bytes that wait for this viewer's client, as the gateway says. */
  buffered: number;
}

export class Audience {
  readonly #viewers = new Map<ConnectionId, Viewer>();
  /** Each has one connection. */
  readonly #byPlayer = new Map<PlayerId, Viewer>();
  readonly #output: RoomOutput;

  constructor(output: RoomOutput) {
    this.#output = output;
  }

  get size(): number {
    return this.#viewers.size;
  }

  get spectators(): number {
    let count = 0;
    for (const viewer of this.#viewers.values()) if (viewer.seat === undefined) count += 1;
    return count;
  }

  all(): Iterable<Viewer> {
    return this.#viewers.values();
  }

  get(connection: ConnectionId): Viewer | undefined {
    return this.#viewers.get(connection);
  }

  ofPlayer(player: PlayerId): Viewer | undefined {
    return this.#byPlayer.get(player);
  }

  add(connection: ConnectionId, player: PlayerId, seat: Seat | undefined): Viewer {
    const viewer: Viewer = {
      connection,
      player,
      seat,
      view: undefined,
      viewTold: 0,
      rosterTold: -1,
      statusTold: -1,
      witnessed: 0,
      revealTold: false,
      outcomes: [],
      sent: [],
      awards: [],
      vouchers: [],
      tickets: [],
      buffered: 0,
    };
    this.#viewers.set(connection, viewer);
    this.#byPlayer.set(player, viewer);
    return viewer;
  }

  remove(connection: ConnectionId): Viewer | undefined {
    const viewer = this.#viewers.get(connection);
    if (viewer === undefined) return undefined;
    this.#viewers.delete(connection);
    if (this.#byPlayer.get(viewer.player) === viewer) this.#byPlayer.delete(viewer.player);
    return viewer;
  }

  say(connection: ConnectionId, message: WorkerMessage): void {
    this.#output.send(connection, message);
  }

  /** What tells nothing of the game. */
  sayEarly(connection: ConnectionId, message: WorkerMessage): void {
    if (this.#output.sendEarly === undefined) this.#output.send(connection, message);
    else this.#output.sendEarly(connection, message);
  }

  isFull(connection: ConnectionId): boolean {
    return this.#output.isFull?.(connection) ?? false;
  }

  close(connection: ConnectionId, code: ErrorCode): void {
    this.remove(connection);
    this.#output.close(connection, code);
  }

  /** For a reason that rests on nothing that happened: until then whatever the client says would be wrong. */
  closeAtOnce(connection: ConnectionId, code: ErrorCode): void {
    this.remove(connection);
    if (this.#output.closeAtOnce === undefined) this.#output.close(connection, code);
    else this.#output.closeAtOnce(connection, code);
  }
}

/** What the whole room shares at one boundary. */
export interface Shared {
  readonly tick: number;
  readonly roster: Roster;
  readonly status: Status;
  readonly statusVersion: number;
  /** Whether the room stands still: then everybody is told who is here and what is waited for, and nothing else. */
  readonly still: boolean;
  /** Whether who is here and what is waited for is told whole, because what was said of it before may never be heard. */
  readonly whole: boolean;
  /** Bytes of long words that may still leave at this boundary, whoever they are for. */
  readonly space: { left: number };
}

/**
 * Builds one viewer's update and remembers what it told.
 *
 * @param view newest view, or undefined if none was computed at this boundary.
 * @param always also when there is nothing to say: in steady rooms silence would tell the host something.
 * @param full whether the way to this viewer is: what is long is told later then.
 */
export function updateFor(
  viewer: Viewer,
  shared: Shared,
  view: Value | undefined,
  always: boolean,
  full = false,
): UpdateMessage | undefined {
  const patch = view === undefined ? undefined : patchTo(viewer, view);
  const { roster, status, statusVersion, still, whole } = shared;
  const hears = !still && hasWords(viewer);
  const isTold = viewer.rosterTold === roster.version && viewer.statusTold === statusVersion;
  // Nearly always, in a room that ticks: nothing is made for a viewer then.
  if (patch === undefined && !hears && isTold && !always) return undefined;
  const update: { -readonly [K in keyof UpdateMessage]: UpdateMessage[K] } = { type: "update", tick: shared.tick };
  if (patch !== undefined) update.patch = patch;
  if (hears) takeWords(viewer, update, full ? { left: 0 } : shared.space);
  if (whole || viewer.rosterTold !== roster.version) {
    Object.assign(update, roster.since(whole ? -1 : viewer.rosterTold));
  }
  if (whole || viewer.statusTold !== statusVersion) update.status = status;
  viewer.rosterTold = roster.version;
  viewer.statusTold = statusVersion;
  return update;
}

/** Undefined if the viewer sees this already. */
function patchTo(viewer: Viewer, view: Value): Patch | undefined {
  const patch = viewer.view === undefined ? ([0, view] as const) : diff(viewer.view, view);
  viewer.view = view;
  return patch;
}
