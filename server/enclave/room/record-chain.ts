/**
 * The journal of a room that nobody keeps: it remembers nothing but the newest head, and all is as durable as it gets.
 *
 * Heads are shown to clients in evidence, and boundaries hold secret moves from small sets (three bombs of a hundred
 * cells). Under a bare hash a client could try them all; under a key that never leaves the enclave it cannot.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { lengthPrefixed, u32le } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { encodeBoundary } from "./boundary-codec.ts";
import type { Boundary } from "./inputs.ts";
import type { RoomJournal } from "./journal.ts";

export class RecordChain implements RoomJournal {
  readonly term: number;
  readonly #key: Uint8Array;
  #head: Uint8Array;
  #recorded = 0;

  /** @param key 32 secret bytes, drawn for this opening of the room. */
  constructor(key: Uint8Array, room: RoomId, term: number) {
    this.term = term;
    this.#key = key;
    this.#head = hmac(sha256, key, lengthPrefixed("phatroom/1/open", room, u32le(term)));
  }

  get head(): Uint8Array {
    return this.#head;
  }

  get recorded(): number {
    return this.#recorded;
  }

  get durable(): number {
    return this.#recorded;
  }

  record(boundary: Boundary): void {
    this.#recorded += 1;
    this.#head = hmac(
      sha256,
      this.#key,
      lengthPrefixed("phatroom/1/record", this.#head, u32le(this.#recorded), encodeBoundary(boundary)),
    );
  }
}
