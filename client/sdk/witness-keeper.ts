/** What one player remembers of one room: the newest witness that its enclave handed out, kept as it comes and shown on return. */
import { bytesToHex } from "#protocol/bytes.ts";
import { decodeWitness } from "#protocol/witness.ts";
import type { Expected } from "./shield.ts";
import type { WitnessStore } from "./witness-store.ts";

export class WitnessKeeper {
  readonly #store: WitnessStore;
  readonly #key: string;
  readonly #loaded: Promise<void>;
  #newest: { readonly index: number; readonly bytes: Uint8Array } | undefined;
  /** The newest that is written, or being written. */
  #kept: Uint8Array | undefined;
  #writing: Promise<void> | undefined;

  /** @param account public key, 32 bytes. */
  constructor(store: WitnessStore, { world, lineage, room }: Expected, account: Uint8Array) {
    this.#store = store;
    this.#key = [bytesToHex(world), bytesToHex(lineage), room, bytesToHex(account)].join("/");
    this.#loaded = store.load(this.#key).then(
      (bytes) => this.#takeLoaded(bytes),
      // A device that keeps nothing protects its player less, and lets them play.
      () => undefined,
    );
  }

  /** What to present; undefined if nothing is remembered. */
  async newest(): Promise<Uint8Array | undefined> {
    await this.#loaded;
    return this.#newest?.bytes;
  }

  /**
   * Keeps it if it speaks for more than what is kept. It is on its way to the disk when this returns.
   *
   * @throws ProtocolError "malformed".
   */
  take(bytes: Uint8Array): void {
    const { index } = decodeWitness(bytes);
    if (index <= (this.#newest?.index ?? 0)) return;
    this.#newest = { index, bytes };
    this.#writing ??= this.#write();
  }

  /** The room says that it is not its own. */
  async forget(): Promise<void> {
    await this.#loaded;
    this.#newest = undefined;
    this.#writing ??= this.#write();
    await this.#writing;
  }

  /** Resolves once everything that was taken is kept, or cannot be. */
  async settled(): Promise<void> {
    await this.#loaded;
    await this.#writing;
  }

  #takeLoaded(bytes: Uint8Array | undefined): void {
    if (bytes === undefined) return;
    try {
      const { index } = decodeWitness(bytes);
      if (index > (this.#newest?.index ?? 0)) this.#newest = { index, bytes };
      this.#kept = bytes;
    } catch {
      // Written by another version of this client.
    }
  }

  /** One at a time; of several that come meanwhile only the newest. */
  async #write(): Promise<void> {
    await this.#loaded;
    while (this.#newest?.bytes !== this.#kept) {
      const next = this.#newest?.bytes;
      this.#kept = next;
      await this.#store.keep(this.#key, next).catch(() => undefined);
    }
    this.#writing = undefined;
  }
}
