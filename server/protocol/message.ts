/**
 * What a player and a room say to each other inside the channel. Bodies are msgpack; frames carry the type.
 *
 * The first message of a new channel is `auth`; the worker answers `admitted` or `closed`. A resumed channel needs no
 * `auth`, but the client speaks first here too, with its newest `witness` or, without one, a `ping`: only a frame under
 * the new keys shows that the player is there, and not a host with a recording. After `admitted` the first `update`
 * carries the whole view. `frozen` may come at any time from `admitted` on, and is told at once.
 *
 * In rooms that wait for everybody, whoever has a seat shows each `witness` once it is kept on their device, the newest of
 * several: what rests on it is told to nobody before. Whoever has shown that they keep it cannot be taken back to before it by
 * somebody who was told what came of it, or has read the log that was revealed at the end.
 *
 * In rooms that tick and take inputs, a player says `input` once a tick: rows as in `input-row.ts`, one after the other.
 * What the room has used of them stands in the header of `entities`.
 */
import { decodeAuth, type AuthMessage } from "./auth-message.ts";
import { decodeVouchers, encodeVouchers, type VouchersMessage } from "./award.ts";
import { counter, empty, finite, fixed, list, record } from "./decoded.ts";
import { codeOfNumber, numberOfCode, ProtocolError, type ErrorCode } from "./errors.ts";
import { entitiesLengthMax } from "./limits.ts";
import type { Manifest } from "./manifest.ts";
import { decodeMsgpack, encodeMsgpack } from "./msgpack.ts";
import { decodeUpdate, frozenReasons, type FrozenReason, type UpdateMessage } from "./update.ts";
import { checkValue, type Value } from "./value.ts";
import {
  decodeLinked,
  decodeWallet,
  encodeLinked,
  encodeWallet,
  type LinkedMessage,
  type WalletMessage,
} from "./wallet.ts";
import { witnessLength } from "./witness.ts";

export type { AuthMessage, Want } from "./auth-message.ts";
export { frozenReasons } from "./update.ts";
export type {
  AwardEntry,
  Ended,
  FrozenReason,
  OutcomeEntry,
  Phase,
  RosterEntry,
  SeatNews,
  Status,
  UpdateMessage,
  UpgradeNotice,
} from "./update.ts";

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
      return decodeUpdate(body);
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
