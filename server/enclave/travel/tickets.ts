/**
 * Tickets: what lets a player out of one room into another of the same world. Any worker of the world can make and open
 * them, and nobody else can.
 *
 * ```text
 * ticket = [nonce 32] [sealed MessagePack of [id, expires, from room, from contract, payload, back], padded]
 * key    = HKDF(world key, "phatroom/1/ticket", nonce)
 * bound  = lp("phatroom/1/ticket", world, player, to room, to contract)     as associated data
 * ```
 *
 * The id follows from where, when and for whom it was made, so that a ticket that is made again is the same one, and the room
 * that took it takes it once. Time is the clock of the machine: a host can make a ticket last, but not be used twice.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, lengthPrefixed } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import { travelLimits, type TicketEntry } from "#protocol/travel.ts";
import type { Value } from "#protocol/value.ts";
import type { UsedTicket } from "../room/arrivals.ts";
import { unpackTicket, packTicket } from "../room/baggage-codec.ts";
import type { Passage } from "../room/happenings.ts";
import { seal, unseal } from "../vault/seal.ts";

export interface TicketsSetup {
  /** 32 bytes. */
  readonly world: Uint8Array;
  /** 32 secret bytes. */
  readonly worldKey: Uint8Array;
  readonly random: (length: number) => Uint8Array;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/** Where a ticket is made. */
export interface Departure {
  readonly room: RoomId;
  /** Name of its rules. */
  readonly contract: string;
}

const nonceLength = 32;

/** Tickets differ in length by whole steps only. */
const step = 256;

export class Tickets {
  readonly #setup: TicketsSetup;
  readonly #key: Uint8Array;
  readonly #idKey: Uint8Array;

  constructor(setup: TicketsSetup) {
    this.#setup = setup;
    const derive = (purpose: string): Uint8Array =>
      hkdf(sha256, setup.worldKey, undefined, lengthPrefixed(`phatroom/1/ticket-${purpose}`), 32);
    this.#key = derive("seal");
    this.#idKey = derive("id");
  }

  issue(player: PlayerId, { to, moment, payload, back }: Passage, from: Departure): TicketEntry {
    const { random, now } = this.#setup;
    const nonce = random(nonceLength);
    const used: UsedTicket = { id: this.#idOf(player, from, to.room, moment), ...from, payload, back };
    const content = encodeMsgpack([Math.ceil(now()) + travelLimits.seconds, packTicket(used)]);
    const sealed = seal(this.#ticketKey(nonce), 0, this.#bound(player, to.room, to.contract), padded(content));
    return { room: to.room as RoomId, contract: to.contract, ticket: concatBytes(nonce, sealed) };
  }

  /**
   * What this ticket says, for this player in this room.
   *
   * @throws ProtocolError "ticket-refused" for one that is forged, another player's, another room's or world's, or too old.
   */
  open(ticket: Uint8Array, player: PlayerId, { room, contract }: Departure): UsedTicket {
    const [expires, packed] = this.#read(ticket, this.#bound(player, room, contract));
    if (typeof expires !== "number" || expires < this.#setup.now()) throw new ProtocolError("ticket-refused", "old");
    return unpackTicket(packed);
  }

  #read(ticket: Uint8Array, bound: Uint8Array): Value[] {
    const nonce = ticket.subarray(0, nonceLength);
    try {
      return unpadded(unseal(this.#ticketKey(nonce), 0, bound, ticket.subarray(nonceLength)));
    } catch {
      throw new ProtocolError("ticket-refused", "not ours");
    }
  }

  #idOf(player: PlayerId, { room }: Departure, to: string, moment: Passage["moment"]): string {
    const parts = lengthPrefixed(this.#setup.world, room, to, player, String(moment));
    return bytesToHex(hmac(sha256, this.#idKey, parts).subarray(0, 16));
  }

  #ticketKey(nonce: Uint8Array): Uint8Array {
    return hkdf(sha256, this.#key, undefined, lengthPrefixed("phatroom/1/ticket", nonce), 32);
  }

  #bound(player: PlayerId, room: string, contract: string): Uint8Array {
    return lengthPrefixed("phatroom/1/ticket", this.#setup.world, player, room, contract);
  }
}

/** [length u16 le] [bytes] [zeros] */
function padded(content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((2 + content.length) / step) * step);
  new DataView(bytes.buffer).setUint16(0, content.length, true);
  bytes.set(content, 2);
  return bytes;
}

const unpadded = (bytes: Uint8Array): Value[] => {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint16(0, true);
  return decodeMsgpack(bytes.subarray(2, 2 + length)) as Value[];
};
