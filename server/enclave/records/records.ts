/**
 * What contracts keep for players between rooms: one chain of sealed records for each player and lineage, of which the last
 * counts. It is appended only behind the version that its room knows, so two rooms cannot both go on with one record.
 *
 * A record's bytes follow from what it holds and where it stands: appending it again stores it once.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, lengthPrefixed } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import { StoreError, type ChainId, type Store } from "#protocol/store.ts";
import { recordLengthMax } from "#protocol/travel.ts";
import type { Value } from "#protocol/value.ts";
import { mayFollow, noVersion, type Saving, type Version } from "../room/kept.ts";
import type { Lineage } from "../vault/lineages.ts";
import { pad, unpad } from "../vault/padding.ts";
import { seal, unseal } from "../vault/seal.ts";

export interface RecordsSetup {
  /** 32 bytes. */
  readonly world: Uint8Array;
  /** Undefined while nobody offers one; records live and die with this worker then. */
  readonly store: () => Store | undefined;
}

export interface KeptRecord {
  /** Null if nothing was ever kept. */
  readonly value: Value;
  readonly version: Version;
}

const nonceLength = 32;
/** Nonce, tag, padding. */
const sealedMax = 4 * recordLengthMax;

/** Records of a chain between two times of forgetting what came before. */
const compactEvery = 16;

/** Chains of which this worker remembers the newest version; where nobody offers a store, also what was kept. */
const rememberedMax = 65_536;

export class Records {
  readonly #setup: RecordsSetup;
  readonly #newest = new Map<ChainId, Version>();
  /** Where nobody offers a store: what was kept longest ago is first. */
  readonly #held = new Map<ChainId, KeptRecord>();
  readonly #rememberedMax: number;

  constructor(setup: RecordsSetup, remembered = rememberedMax) {
    this.#setup = setup;
    this.#rememberedMax = remembered;
  }

  /**
   * The newest that was kept for a player by contracts of a lineage.
   *
   * @param known the newest version that the room has seen.
   * @throws ProtocolError "record-rolled-back" if the store shows one that was overtaken; VaultError "not-ours" for what no
   *   worker of this lineage sealed; StoreError if the store cannot be asked.
   */
  async load(lineage: Lineage, player: PlayerId, known: Version = noVersion): Promise<KeptRecord> {
    const chain = this.#chainOf(lineage, player);
    const before = this.#newest.get(chain);
    const kept = await this.#read(lineage, player, chain);
    // What a room of this worker kept meanwhile is no fault of the store's.
    if (this.#newest.get(chain) !== before) return this.load(lineage, player, known);
    const newest = before ?? noVersion;
    if (!mayFollow(kept.version, known) || !mayFollow(kept.version, newest)) {
      throw new ProtocolError("record-rolled-back");
    }
    this.#remember(chain, kept.version);
    return kept;
  }

  /**
   * Keeps a record. Undefined if it stands behind a version that is no longer the newest: then it was not kept.
   *
   * @throws StoreError if the store cannot be asked, or has not answered: then nobody knows, and it can be done again.
   */
  async save(lineage: Lineage, { player, behind, record }: Saving): Promise<Version | undefined> {
    const chain = this.#chainOf(lineage, player as PlayerId);
    const store = this.#setup.store();
    const bytes = this.#seal(lineage, player, behind, record);
    const head = sha256(lengthPrefixed("phatroom/1/record-head", behind.head, bytes));
    const version = { number: behind.number + 1, head };
    if (store === undefined) return this.#hold(chain, behind, { value: record, version });
    const [appended] = await store.append([{ chain, expected: behind.head, head, record: bytes }]);
    if (appended?.answer !== "stored") return undefined;
    this.#remember(chain, version);
    if (version.number % compactEvery === 0) await this.#compact(store, chain, version);
    return version;
  }

  /** The last record stands for all before it: those are forgotten. */
  async #compact(store: Store, chain: ChainId, { number, head }: Version): Promise<void> {
    try {
      await store.save({ chain, index: number, head, bytes: new Uint8Array(0) });
      if (number > compactEvery) await store.compact(chain, number - compactEvery);
    } catch (error) {
      // It saves room and nothing else.
      if (!(error instanceof StoreError)) throw error;
    }
  }

  #hold(chain: ChainId, behind: Version, kept: KeptRecord): Version | undefined {
    const version = this.#held.get(chain)?.version ?? noVersion;
    const known = bytesToHex(version.head);
    // The same again is kept already.
    if (known !== bytesToHex(behind.head) && known !== bytesToHex(kept.version.head)) return undefined;
    this.#held.delete(chain);
    this.#held.set(chain, kept);
    if (this.#held.size > this.#rememberedMax) this.#letGo(this.#held.keys().next().value!);
    return kept.version;
  }

  /** Whoever comes back after so many others begins anew: nobody has rolled anything back. */
  #letGo(chain: ChainId): void {
    this.#held.delete(chain);
    this.#newest.delete(chain);
  }

  async #read(lineage: Lineage, player: PlayerId, chain: ChainId): Promise<KeptRecord> {
    const store = this.#setup.store();
    const nothing: KeptRecord = { value: null, version: noVersion };
    if (store === undefined) return this.#held.get(chain) ?? nothing;
    const state = await store.state(chain);
    if (state === undefined || state.length === 0) return nothing;
    const index = state.length - 1;
    const [last] = await store.records(chain, index, sealedMax);
    if (last?.index !== index) throw new StoreError("store-damaged", "a chain without its last record");
    const before = index === 0 ? noVersion.head : await store.heads(chain, index - 1, 1);
    const head = sha256(lengthPrefixed("phatroom/1/record-head", before, last.record));
    const value = this.#unseal(lineage, player, { number: index, head: before }, last.record);
    return { value, version: { number: state.length, head } };
  }

  #remember(chain: ChainId, version: Version): void {
    this.#newest.delete(chain);
    this.#newest.set(chain, version);
    if (this.#newest.size > this.#rememberedMax) this.#newest.delete(this.#newest.keys().next().value!);
  }

  #seal(lineage: Lineage, player: string, behind: Version, record: Value): Uint8Array {
    const content = pad(encodeMsgpack(record));
    const associated = this.#associated(lineage, player, behind);
    const nonce = hmac(sha256, this.#key(lineage, "record-nonce"), lengthPrefixed(associated, content));
    return concatBytes(nonce, seal(this.#recordKey(lineage, nonce), 0, associated, content));
  }

  #unseal(lineage: Lineage, player: string, behind: Version, record: Uint8Array): Value {
    const nonce = record.subarray(0, nonceLength);
    const associated = this.#associated(lineage, player, behind);
    const content = unseal(this.#recordKey(lineage, nonce), 0, associated, record.subarray(nonceLength));
    return decodeMsgpack(unpad(content, recordLengthMax)) as Value;
  }

  /** Each content has a key of its own: no two are ever sealed under one. */
  #recordKey(lineage: Lineage, nonce: Uint8Array): Uint8Array {
    return hkdf(sha256, this.#key(lineage, "record"), undefined, lengthPrefixed("phatroom/1/player-record", nonce), 32);
  }

  #key({ key }: Lineage, purpose: string): Uint8Array {
    return hkdf(sha256, key, undefined, lengthPrefixed(`phatroom/1/players-${purpose}`), 32);
  }

  #associated({ lineage }: Lineage, player: string, { number, head }: Version): Uint8Array {
    return lengthPrefixed("phatroom/1/player-record", this.#setup.world, lineage, player, String(number), head);
  }

  /** Its name says nothing of the player to whoever keeps it. */
  #chainOf(lineage: Lineage, player: PlayerId): ChainId {
    const name = hmac(sha256, this.#key(lineage, "record-name"), lengthPrefixed(this.#setup.world, player));
    return `record-${bytesToHex(name.subarray(0, 20))}` as ChainId;
  }
}
