/**
 * Reports on their way to the world's moderator: sealed and signed here, kept where the rooms are, in one chain for the whole
 * world. Whoever keeps them sees how many there are and when they came, and can lose them, but not read them, change them or
 * make any up.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { lengthPrefixed } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { headAfter, reportsChain, sealReport, type Report } from "#protocol/report.ts";
import { noHead, StoreError, type Store } from "#protocol/store.ts";

export interface ReportsSetup {
  /** 32 bytes. */
  readonly world: Uint8Array;
  /** 32 secret bytes. */
  readonly worldKey: Uint8Array;
  /** Ed25519 public key, 32 bytes; undefined in worlds without a moderator. */
  readonly moderator: Uint8Array | undefined;
  /** Undefined while nobody offers one. */
  readonly store: () => Store | undefined;
  readonly random: (length: number) => Uint8Array;
}

/** A report that says by which rules. */
export type NewReport = Report & { readonly lineage: Uint8Array };

/** Other workers of this world write to the same chain. */
const attemptsMax = 16;

export class Reports {
  /** Ed25519 public key, 32 bytes: reports of this world are signed by it, whichever worker they come from. */
  readonly key: Uint8Array;
  readonly #setup: ReportsSetup;
  readonly #signer: Uint8Array;
  /** One after another: they would be in each other's way. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(setup: ReportsSetup) {
    this.#setup = setup;
    this.#signer = hkdf(sha256, setup.worldKey, undefined, lengthPrefixed("phatroom/1/report-signer"), 32);
    this.key = ed25519.getPublicKey(this.#signer);
  }

  /**
   * Keeps a report for the moderator.
   *
   * @returns false if there is no moderator or nobody who keeps it.
   * @throws StoreError if it could not be kept.
   */
  file(report: NewReport): Promise<boolean> {
    const filed = this.#last.then(() => this.#file(report));
    this.#last = filed.catch(() => undefined);
    return filed;
  }

  async #file(report: NewReport): Promise<boolean> {
    const { world, moderator, random } = this.#setup;
    const store = this.#setup.store();
    if (moderator === undefined || store === undefined) return false;
    const chain = reportsChain(world);
    const record = sealReport(report, { moderator, ephemeral: random(32), world, signer: this.#signer });
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const expected = (await store.state(chain))?.head ?? noHead;
      const [appended] = await store.append([{ chain, expected, head: headAfter(expected, record), record }]);
      if (appended?.answer === "stored") return true;
    }
    throw new StoreError("store-failed", "others report all the time");
  }
}

/** Why a report is lost, for the operator's log. */
export const lossOf = (error: unknown): string | undefined =>
  error instanceof StoreError || error instanceof ProtocolError ? error.code : undefined;
