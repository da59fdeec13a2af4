/** The first message of a new channel: who is there, and what they want. */
import { fixed, record } from "./decoded.ts";
import { ProtocolError } from "./errors.ts";
import { playerNameMax } from "./limits.ts";
import { travelLimits } from "./travel.ts";
import { witnessLength } from "./witness.ts";

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

/** @throws ProtocolError "malformed". */
export function decodeAuth(fields: unknown): AuthMessage {
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
