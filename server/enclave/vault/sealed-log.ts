/**
 * A sealed log that is no room's: of a lineage, to which every worker of it may write. Each entry is sealed under a key of
 * its own, so that two workers that write at once use none twice; whoever comes second reads the first one's and goes on
 * behind it. What a host shows may be older than what was written: it is read as it is, and nothing rests on its being new.
 *
 * ```text
 * record     = [version u8 = 1] [kind u8 = 4] [nonce 32] [sealed]
 * sealed     = ChaCha20-Poly1305(HKDF(log key, "entry", nonce), nonce = 0, associated, padded entry)
 * associated = lp("phatroom/1/sealed-entry", world, name of the chain, head before it)
 * head       = as of a room's records
 * ```
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, equalBytes, lengthPrefixed } from "#protocol/bytes.ts";
import { noHead, StoreError, type ChainId, type Store } from "#protocol/store.ts";
import { VaultError } from "./errors.ts";
import { pad, unpad } from "./padding.ts";
import { byClock, retryMs } from "./patience.ts";
import { headOf } from "./record.ts";
import { seal, unseal } from "./seal.ts";

export interface SealedLogSetup {
  readonly store: Store;
  readonly chain: ChainId;
  /** 32 bytes each. */
  readonly world: Uint8Array;
  readonly key: Uint8Array;
  readonly random: (length: number) => Uint8Array;
  /** Resolves after so many ms; default: by this machine's clock. */
  readonly wait?: (ms: number) => Promise<void>;
}

const mark = Uint8Array.of(1, 4);
const nonceLength = 32;
export const entryLengthMax = 3 * 1024 * 1024;

/** Bytes of records asked for at once. */
const readMax = 4 * 1024 * 1024;

export class SealedLog {
  readonly #setup: SealedLogSetup;
  #length = 0;
  #head: Uint8Array = noHead;
  /** Read, and not handed out yet. */
  #unread: Uint8Array[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(setup: SealedLogSetup) {
    this.#setup = setup;
  }

  /**
   * What others have written since this was last asked; at first, everything.
   *
   * @throws VaultError "not-ours" for what no worker of this log sealed; StoreError once it is closed.
   */
  read(): Promise<readonly Uint8Array[]> {
    return this.#inTurn(async () => {
      await this.#readOn();
      return this.#unread.splice(0);
    });
  }

  /** Resolves when it is kept. @throws as `read`. */
  async append(entry: Uint8Array): Promise<void> {
    if (entry.length > entryLengthMax) throw new RangeError("an entry is too long");
    await this.#inTurn(() => this.#append(entry, false));
  }

  /**
   * As `append`, unless others have written something that was not read yet: behind what this one has read, or not at all.
   *
   * @returns whether the entry is kept.
   * @throws as `read`.
   */
  async appendNext(entry: Uint8Array): Promise<boolean> {
    if (entry.length > entryLengthMax) throw new RangeError("an entry is too long");
    return this.#inTurn(() => this.#append(entry, true));
  }

  /** Nothing more is tried. */
  close(): void {
    this.#closed = true;
  }

  async #append(entry: Uint8Array, next: boolean): Promise<boolean> {
    const { store, chain } = this.#setup;
    for (;;) {
      if (next && this.#unread.length > 0) return false;
      const [expected, record] = [this.#head, this.#seal(entry)];
      const head = headOf(expected, record);
      const [answer] = await this.#patiently(() => store.append([{ chain, expected, head, record }]));
      if (answer?.answer === "stored") {
        this.#length += 1;
        this.#head = head;
        return true;
      }
      if (await this.#readOn(record)) return true;
      // A host that shows an older log than it had: what it shows is what there is.
      if (equalBytes(this.#head, expected)) {
        this.#length = 0;
        this.#head = noHead;
        await this.#readOn();
      }
    }
  }

  /** @returns whether this very record was among what was read: then the answer to its append was lost. */
  async #readOn(own?: Uint8Array): Promise<boolean> {
    const { store, chain } = this.#setup;
    let found = false;
    for (;;) {
      const records = await this.#patiently(() => store.records(chain, this.#length, readMax));
      for (const { index, head, record } of records) {
        if (index !== this.#length || !equalBytes(headOf(this.#head, record), head)) {
          throw new VaultError("not-ours", "another record");
        }
        if (own !== undefined && equalBytes(own, record)) found = true;
        else this.#unread.push(this.#unseal(record));
        this.#length += 1;
        this.#head = head;
      }
      if (records.length === 0) return found;
    }
  }

  #seal(entry: Uint8Array): Uint8Array {
    const nonce = this.#setup.random(nonceLength);
    return concatBytes(mark, nonce, seal(this.#keyOf(nonce), 0, this.#associated(), pad(entry)));
  }

  #unseal(record: Uint8Array): Uint8Array {
    const start = mark.length + nonceLength;
    if (record.length < start || !mark.every((byte, i) => record[i] === byte))
      throw new VaultError("not-ours", "no entry");
    const key = this.#keyOf(record.subarray(mark.length, start));
    return unpad(unseal(key, 0, this.#associated(), record.subarray(start)), entryLengthMax);
  }

  #keyOf(nonce: Uint8Array): Uint8Array {
    return hkdf(sha256, this.#setup.key, undefined, lengthPrefixed("phatroom/1/entry", nonce), 32);
  }

  #associated(): Uint8Array {
    const { world, chain } = this.#setup;
    return lengthPrefixed("phatroom/1/sealed-entry", world, chain, this.#head);
  }

  /** Until the store has answered. @throws StoreError once this is closed, and what else it throws at once. */
  async #patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (let wait = retryMs.first; ; wait = Math.min(2 * wait, retryMs.most)) {
      try {
        if (this.#closed) throw new StoreError("store-closed", "by the worker");
        return await ask();
      } catch (error) {
        if (!(error instanceof StoreError) || this.#closed || error.code === "store-refused") throw error;
        await (this.#setup.wait ?? byClock)(wait);
      }
    }
  }

  #inTurn<T>(what: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(what);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
