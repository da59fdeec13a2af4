/** What one viewer is told at a boundary, and what of it is true for everybody in the room. */
import { counter, finite, fixed, list, record } from "./decoded.ts";
import { ProtocolError } from "./errors.ts";
import { reasonLengthMax } from "./limits.ts";
import { decodeMsgpack } from "./msgpack.ts";
import type { Patch } from "./patch.ts";
import { readTicket, type TicketEntry } from "./travel.ts";
import { checkValue, type Value } from "./value.ts";

/** `open`: waiting for players. `paused`: somebody seated is absent. `frozen`: the room trusts its store no longer, or waits for it. */
export type Phase = "open" | "playing" | "paused" | "frozen" | "ended";

/** Why a room is frozen: codes of `errors.ts`. */
export const frozenReasons = ["rolled-back", "store-unavailable", "store-full", "store-damaged"] as const;
export type FrozenReason = (typeof frozenReasons)[number];

/** Somebody seated, as everybody in the room sees them. */
export interface RosterEntry {
  readonly seat: number;
  readonly player: string;
  readonly name: string;
  readonly present: boolean;
}

/** Who sits there now; a number alone: nobody sits there any more. */
export type SeatNews = RosterEntry | number;

export interface Ended {
  /** `finished`: by the rules. `abandoned`: somebody stayed away too long. `faulted`: the rules failed. */
  readonly how: "finished" | "abandoned" | "faulted";
  readonly result: Value;
}

export interface UpgradeNotice {
  /** Contract hash of the rules to come, 32 bytes. */
  readonly contract: Uint8Array;
  readonly tick: number;
}

/** What is true of the room for everybody in it. */
export interface Status {
  /** In an update never `frozen`: that is told past everything that waits. */
  readonly phase: Phase;
  /** Seats whose players are absent while the room waits for them, with what is left of their pause budget, in ms. */
  readonly waiting: readonly (readonly [seat: number, leftMs: number])[];
  readonly spectators: number;
  readonly ended: Ended | null;
  /** Other rules that take over at a tick, as the lineage's keys announced; whoever does not want them may leave before. */
  readonly upgrade?: UpgradeNotice;
  /** Why the room is frozen, if it is; never in an update. */
  readonly frozen?: FrozenReason;
}

/** The answer to one move: null means accepted, text is the rule's reason. */
export type OutcomeEntry = readonly [n: number, reason: string | null];

/** Something this player earned. `once` names the reason within the room. */
export interface AwardEntry {
  readonly item: Value;
  readonly once: string;
}

/** Everything that one viewer gets at one boundary, in one message. Absent parts have not changed. */
export interface UpdateMessage {
  readonly type: "update";
  readonly tick: number;
  /** From the view last sent on this channel to the newest; from null at first. */
  readonly patch?: Patch;
  readonly outcomes?: readonly OutcomeEntry[];
  /** What the contract sent to this viewer, in order. */
  readonly sent?: readonly Value[];
  /** What this player earned at this boundary. Nobody else is told. */
  readonly awards?: readonly AwardEntry[];
  /** Each lets this player into another room, once. */
  readonly tickets?: readonly TicketEntry[];
  readonly roster?: readonly RosterEntry[];
  /** In large rooms, instead of the roster: what has changed in it since it was last told. */
  readonly seats?: readonly SeatNews[];
  readonly status?: Status;
}

/** A patch nests two levels for each level of the value, inside the update's own map. */
const updateDepthMax = 40;

/** @throws ProtocolError "malformed" or "too-long". */
export function decodeUpdate(body: Uint8Array): UpdateMessage {
  const known = record(decodeMsgpack(body, updateDepthMax), [
    "tick",
    "patch",
    "outcomes",
    "sent",
    "awards",
    "tickets",
    "roster",
    "seats",
    "status",
  ]);
  const { patch, outcomes, sent, awards, tickets, roster, seats, status } = known;
  return {
    type: "update",
    tick: counter(known["tick"]),
    ...(patch === undefined ? {} : { patch: patch as Patch }),
    ...(outcomes === undefined ? {} : { outcomes: list(outcomes).map(decodeOutcome) }),
    ...(sent === undefined ? {} : { sent: list(sent).map(checkValue) }),
    ...(awards === undefined ? {} : { awards: list(awards).map(decodeAward) }),
    ...(tickets === undefined ? {} : { tickets: list(tickets).map(decodeTicket) }),
    ...(roster === undefined ? {} : { roster: list(roster).map(decodeRosterEntry) }),
    ...(seats === undefined ? {} : { seats: list(seats).map(decodeSeatNews) }),
    ...(status === undefined ? {} : { status: decodeStatus(status) }),
  };
}

function decodeOutcome(entry: unknown): OutcomeEntry {
  const [n, reason] = list(entry);
  if (reason !== null && (typeof reason !== "string" || reason.length > reasonLengthMax)) {
    throw new ProtocolError("malformed", "outcome");
  }
  return [counter(n), reason];
}

function decodeAward(entry: unknown): AwardEntry {
  const { item, once } = record(entry, ["item", "once"]);
  if (typeof once !== "string") throw new ProtocolError("malformed", "award");
  return { item: checkValue(item), once };
}

function decodeTicket(entry: unknown): TicketEntry {
  const ticket = readTicket(entry);
  if (ticket === undefined) throw new ProtocolError("malformed", "ticket");
  return ticket;
}

function decodeRosterEntry(entry: unknown): RosterEntry {
  const { seat, player, name, present } = record(entry, ["seat", "player", "name", "present"]);
  if (typeof player !== "string" || typeof name !== "string" || typeof present !== "boolean") {
    throw new ProtocolError("malformed", "roster");
  }
  return { seat: counter(seat), player, name, present };
}

const decodeSeatNews = (entry: unknown): SeatNews =>
  typeof entry === "number" ? counter(entry) : decodeRosterEntry(entry);

const phases: readonly unknown[] = ["open", "playing", "paused", "ended"] satisfies Phase[];
const endings: readonly unknown[] = ["finished", "abandoned", "faulted"] satisfies Ended["how"][];

function decodeStatus(fields: unknown): Status {
  const known = record(fields, ["phase", "waiting", "spectators", "ended", "upgrade"]);
  const { phase, waiting, spectators, ended, upgrade } = known;
  if (!phases.includes(phase)) throw new ProtocolError("malformed", "phase");
  return {
    phase: phase as Phase,
    waiting: list(waiting).map((entry) => {
      const [seat, left] = list(entry);
      return [counter(seat), finite(left)];
    }),
    spectators: counter(spectators),
    ended: ended === null ? null : decodeEnded(ended),
    ...(upgrade === undefined ? {} : { upgrade: decodeNotice(upgrade) }),
  };
}

function decodeNotice(fields: unknown): UpgradeNotice {
  const { contract, tick } = record(fields, ["contract", "tick"]);
  return { contract: fixed(contract, 32).slice(), tick: counter(tick) };
}

function decodeEnded(fields: unknown): Ended {
  const { how, result } = record(fields, ["how", "result"]);
  if (!endings.includes(how)) throw new ProtocolError("malformed", "ended");
  return { how: how as Ended["how"], result: checkValue(result) };
}
