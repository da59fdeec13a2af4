/**
 * The chain over everything a contract was told: one head per record, each binding all before it.
 *
 * Heads are shown to clients in evidence, and records hold secret moves from small sets (three bombs of a hundred
 * cells). Under a bare hash a client could try them all; under a key that never leaves the enclave it cannot.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { lengthPrefixed, u32le } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { encodeCall, type Call } from "#contract/abi.ts";

export class RecordChain {
  readonly #key: Uint8Array;
  #head: Uint8Array;
  #index = 0;

  /** @param key 32 secret bytes, drawn for this opening of the room. */
  constructor(key: Uint8Array, room: RoomId, term: number) {
    this.#key = key;
    this.#head = hmac(sha256, key, lengthPrefixed("phatroom/1/open", room, u32le(term)));
  }

  /** 32 bytes. */
  get head(): Uint8Array {
    return this.#head;
  }

  /** Records so far. */
  get index(): number {
    return this.#index;
  }

  append(record: Call): void {
    this.#index += 1;
    this.#head = hmac(
      sha256,
      this.#key,
      lengthPrefixed("phatroom/1/record", this.#head, u32le(this.#index), encodeCall(record)),
    );
  }
}
