/**
 * What a player and a room say to each other inside the channel. Bodies are msgpack; frames carry the type.
 *
 * The first message of a new channel is `auth`; the worker answers `admitted` or `closed`. A resumed channel needs no
 * `auth`, but the client speaks first here too, with its newest `witness` or, without one, a `ping`: only a frame under
 * the new keys shows that the player is there, and not a host with a recording. After `admitted` the first `update`
 * carries the whole view. `frozen` may come at any time from `admitted` on, and is told at once.
 *
 * After the end the client presents the newest `witness` once more. In rooms whose log is revealed that is what the room
 * waits for: whoever has shown that they keep it cannot be taken back to before the end by somebody who has read the log.
 *
 * In rooms that tick and take inputs, a player says `input` once a tick: rows as in `input-row.ts`, one after the other.
 * What the room has used of them stands in the header of `entities`.
 */
import { decodeVouchers, encodeVouchers, type VouchersMessage } from "./award.ts";
import { decodeMsgpack, encodeMsgpack } from "./msgpack.ts";
import { codeOfNumber, numberOfCode, ProtocolError, type ErrorCode } from "./errors.ts";
import { entitiesLengthMax, playerNameMax, reasonLengthMax } from "./limits.ts";
import type { Manifest } from "./manifest.ts";
import type { Patch } from "./patch.ts";
import { readTicket, travelLimits, type TicketEntry } from "./travel.ts";
import { checkValue, isRecord, type Value } from "./value.ts";
import {
  decodeLinked,
  decodeWallet,
  encodeLinked,
  encodeWallet,
  type LinkedMessage,
  type WalletMessage,
} from "./wallet.ts";
import { witnessLength } from "./witness.ts";

/** Frame types. Client to worker below 16, worker to client from 16. */
export const messageTypes = {
  auth: 1,
  move: 2,
  leave: 3,
  ping: 4,
  close: 5,
  /** Its body is the witness itself, in both directions. */
  presented: 6,
  input: 7,
  wallet: 9,
  admitted: 16,
  update: 17,
  pong: 18,
  closed: 19,
  witness: 20,
  frozen: 21,
  entities: 22,
  revealed: 24,
  vouchers: 25,
  linked: 26,
} as const;

export type Want = "play" | "watch";

/** Who is asking, and for what. `identity.ts` says what is signed. */
export interface AuthMessage {
  readonly type: "auth";
  /** Public key of the account, 32 bytes. A guest's account key is its device key. */
  readonly account: Uint8Array;
  /** Ed25519 public key of the device that signs, 32 bytes. */
  readonly device: Uint8Array;
  /** Over `authStatement(…)`, 64 bytes. */
  readonly signature: Uint8Array;
  /** This player's part of the room's randomness, 32 bytes. */
  readonly entropy: Uint8Array;
  readonly want: Want;
  /** What others see. Free text within limits; empty means none given. */
  readonly name: string;
  /** Secret from the invitation link, 16 to 32 bytes. */
  readonly invite?: Uint8Array;
  /** The creator's first join: from now on this room needs `invite`. Refused once anybody else has been in it. */
  readonly lock?: boolean;
  /** The newest witness of this room that this account was handed, `witnessLength` bytes; see `witness.ts`. */
  readonly witness?: Uint8Array;
  /** With which another room lets this player into this one; see `travel.ts`. */
  readonly ticket?: Uint8Array;
}

/** What the other side keeps of this room's history; see `witness.ts`. */
export interface WitnessMessage {
  readonly type: "witness";
  /** `witnessLength` bytes. */
  readonly witness: Uint8Array;
}

export type ClientMessage =
  | AuthMessage
  | WitnessMessage
  | WalletMessage
  | { readonly type: "move"; readonly n: number; readonly move: Value }
  /** Its bytes are the contract's own: the room reads them. */
  | { readonly type: "input"; readonly rows: Uint8Array }
  | { readonly type: "leave" }
  | { readonly type: "ping"; readonly at: number }
  | { readonly type: "close" };

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

export interface AdmittedMessage {
  readonly type: "admitted";
  /** This player in this world; see `identity.ts`. */
  readonly player: string;
  readonly seat: number | null;
  /** Boundaries per second. */
  readonly hz: number;
  /** Number of this player's newest move that the room has taken; see `move-number.ts`. */
  readonly moves: number;
  /** Whether this room needs an invitation. */
  readonly locked: boolean;
  /** `all`: nothing goes on without everybody seated, in no copy of this room either. `any`: it goes on. */
  readonly presence: Manifest["presence"];
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

/** The room stands still and says nothing more until it says null, or closes. */
export interface FrozenMessage {
  readonly type: "frozen";
  readonly reason: FrozenReason | null;
}

/** The room's log is revealed: anybody may read it, and this names it. Nobody can make another one with this head. */
export interface RevealedMessage {
  readonly type: "revealed";
  /** Of the log, the one that reveals it included. */
  readonly records: number;
  /** 32 bytes: of the last of them. */
  readonly head: Uint8Array;
}

/** What changed in the rows that this viewer sees: `entities/`. Another body may take its bytes' place as soon as it is sent. */
export interface EntitiesMessage {
  readonly type: "entities";
  readonly body: Uint8Array;
}

export type WorkerMessage =
  | AdmittedMessage
  | UpdateMessage
  | WitnessMessage
  | FrozenMessage
  | RevealedMessage
  | EntitiesMessage
  | LinkedMessage
  | VouchersMessage
  | { readonly type: "pong"; readonly at: number }
  | { readonly type: "closed"; readonly code: ErrorCode };

interface Encoded {
  readonly type: number;
  readonly body: Uint8Array;
}

export function encodeClientMessage(message: ClientMessage): Encoded {
  switch (message.type) {
    case "auth": {
      const { type: _, ...fields } = message;
      return { type: messageTypes.auth, body: encodeMsgpack(fields) };
    }
    case "move":
      return { type: messageTypes.move, body: encodeMsgpack([message.n, message.move]) };
    case "leave":
      return { type: messageTypes.leave, body: new Uint8Array(0) };
    case "ping":
      return { type: messageTypes.ping, body: encodeMsgpack(message.at) };
    case "close":
      return { type: messageTypes.close, body: new Uint8Array(0) };
    case "witness":
      return { type: messageTypes.presented, body: message.witness };
    case "input":
      return { type: messageTypes.input, body: message.rows };
    case "wallet":
      return { type: messageTypes.wallet, body: encodeWallet(message) };
  }
}

/** @throws ProtocolError "malformed" or "too-long". */
export function decodeClientMessage(type: number, body: Uint8Array): ClientMessage {
  switch (type) {
    case messageTypes.auth:
      return decodeAuth(decodeMsgpack(body));
    case messageTypes.move: {
      const fields = decodeMsgpack(body);
      if (!Array.isArray(fields) || fields.length !== 2) throw new ProtocolError("malformed", "move");
      return { type: "move", n: counter(fields[0]), move: checkValue(fields[1]) };
    }
    case messageTypes.leave:
      empty(body);
      return { type: "leave" };
    case messageTypes.ping:
      return { type: "ping", at: finite(decodeMsgpack(body)) };
    case messageTypes.close:
      empty(body);
      return { type: "close" };
    case messageTypes.presented:
      return { type: "witness", witness: fixed(body, witnessLength).slice() };
    case messageTypes.input:
      return { type: "input", rows: body };
    case messageTypes.wallet:
      return decodeWallet(decodeMsgpack(body));
    default:
      throw new ProtocolError("malformed", "client message type");
  }
}

function decodeAuth(fields: unknown): AuthMessage {
  const known = record(fields, [
    "account",
    "device",
    "signature",
    "entropy",
    "want",
    "name",
    "invite",
    "lock",
    "witness",
    "ticket",
  ]);
  const { want, name, invite, lock, witness, ticket } = known;
  if (want !== "play" && want !== "watch") throw new ProtocolError("malformed", "want");
  if (typeof name !== "string" || name.length > playerNameMax || unprintable.test(name)) {
    throw new ProtocolError("malformed", "name");
  }
  if (invite !== undefined && !(invite instanceof Uint8Array && invite.length >= 16 && invite.length <= 32)) {
    throw new ProtocolError("malformed", "invite");
  }
  if (ticket !== undefined && !(ticket instanceof Uint8Array && ticket.length <= travelLimits.ticket)) {
    throw new ProtocolError("malformed", "ticket");
  }
  if (lock !== undefined && typeof lock !== "boolean") throw new ProtocolError("malformed", "lock");
  return {
    type: "auth",
    account: fixed(known["account"], 32),
    device: fixed(known["device"], 32),
    signature: fixed(known["signature"], 64),
    entropy: fixed(known["entropy"], 32),
    want,
    name,
    ...(invite === undefined ? {} : { invite }),
    ...(lock === undefined ? {} : { lock }),
    ...(witness === undefined ? {} : { witness: fixed(witness, witnessLength) }),
    ...(ticket === undefined ? {} : { ticket }),
  };
}

/** Control characters, and those that reorder or hide the text around a name. */
// oxlint-disable-next-line no-control-regex -- that is the point
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

export function encodeWorkerMessage(message: WorkerMessage): Encoded {
  switch (message.type) {
    case "admitted": {
      const { type: _, ...fields } = message;
      return { type: messageTypes.admitted, body: encodeMsgpack(fields) };
    }
    case "update": {
      const { type: _, ...fields } = message;
      return { type: messageTypes.update, body: encodeMsgpack(fields) };
    }
    case "pong":
      return { type: messageTypes.pong, body: encodeMsgpack(message.at) };
    case "closed":
      return { type: messageTypes.closed, body: encodeMsgpack(numberOfCode(message.code)) };
    case "witness":
      return { type: messageTypes.witness, body: message.witness };
    case "entities":
      return { type: messageTypes.entities, body: message.body };
    case "vouchers":
      return { type: messageTypes.vouchers, body: encodeMsgpack(encodeVouchers(message)) };
    case "linked":
      return { type: messageTypes.linked, body: encodeLinked(message) };
    case "revealed":
      return { type: messageTypes.revealed, body: encodeMsgpack([message.records, message.head]) };
    case "frozen":
      return { type: messageTypes.frozen, body: encodeMsgpack(message.reason && numberOfCode(message.reason)) };
  }
}

/** @throws ProtocolError "malformed" or "too-long". */
export function decodeWorkerMessage(type: number, body: Uint8Array): WorkerMessage {
  switch (type) {
    case messageTypes.admitted:
      return decodeAdmitted(decodeMsgpack(body));
    case messageTypes.update:
      return decodeUpdate(decodeMsgpack(body, updateDepthMax));
    case messageTypes.pong:
      return { type: "pong", at: finite(decodeMsgpack(body)) };
    case messageTypes.closed:
      return { type: "closed", code: codeOfNumber(counter(decodeMsgpack(body))) };
    case messageTypes.witness:
      return { type: "witness", witness: fixed(body, witnessLength).slice() };
    case messageTypes.entities:
      if (body.length > entitiesLengthMax) throw new ProtocolError("too-long", "entities");
      return { type: "entities", body };
    case messageTypes.revealed: {
      const [records, head] = list(decodeMsgpack(body));
      return { type: "revealed", records: counter(records), head: fixed(head, 32) };
    }
    case messageTypes.vouchers:
      return decodeVouchers(decodeMsgpack(body));
    case messageTypes.linked:
      return decodeLinked(decodeMsgpack(body));
    case messageTypes.frozen:
      return { type: "frozen", reason: decodeReason(decodeMsgpack(body)) };
    default:
      throw new ProtocolError("malformed", "worker message type");
  }
}

/** A patch nests two levels for each level of the value, inside the update's own map. */
const updateDepthMax = 40;

function decodeAdmitted(fields: unknown): AdmittedMessage {
  const known = record(fields, ["player", "seat", "hz", "moves", "locked", "presence"]);
  const { player, seat, locked, presence } = known;
  if (typeof player !== "string" || typeof locked !== "boolean") throw new ProtocolError("malformed", "admitted");
  if (presence !== "all" && presence !== "any") throw new ProtocolError("malformed", "presence");
  return {
    type: "admitted",
    player,
    seat: seat === null ? null : counter(seat),
    hz: finite(known["hz"]),
    moves: counter(known["moves"]),
    locked,
    presence,
  };
}

function decodeReason(number: unknown): FrozenReason | null {
  if (number === null) return null;
  const code = codeOfNumber(counter(number));
  const reason = frozenReasons.find((known) => known === code);
  if (reason === undefined) throw new ProtocolError("malformed", "frozen");
  return reason;
}

function decodeUpdate(fields: unknown): UpdateMessage {
  const known = record(fields, ["tick", "patch", "outcomes", "sent", "awards", "tickets", "roster", "seats", "status"]);
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

function record<const Key extends string>(fields: unknown, keys: readonly Key[]): { readonly [K in Key]?: unknown } {
  if (!isRecord(fields)) throw new ProtocolError("malformed", "a map was expected");
  for (const key of Object.keys(fields)) {
    if (!(keys as readonly string[]).includes(key)) throw new ProtocolError("malformed", "an unknown field");
  }
  return fields as { readonly [K in Key]?: unknown };
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new ProtocolError("malformed", "a list was expected");
  return value;
}

function counter(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw new ProtocolError("malformed", "counter");
  return value;
}

function finite(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new ProtocolError("malformed", "number");
  return value;
}

function fixed(value: unknown, length: number): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== length)
    throw new ProtocolError("malformed", `${length} bytes`);
  return value;
}

function empty(body: Uint8Array): void {
  if (body.length !== 0) throw new ProtocolError("malformed", "an empty body was expected");
}
