/**
 * Reports on their way to the world's moderator: sealed here, kept where the rooms are, in one chain for the whole world.
 * Whoever keeps them sees how many there are and when they came, and can lose them, but not read or change them.
 */
import { ProtocolError } from "#protocol/errors.ts";
import { headAfter, reportsChain, sealReport, type Report } from "#protocol/report.ts";
import { noHead, StoreError, type Store } from "#protocol/store.ts";

export interface ReportsSetup {
  /** 32 bytes. */
  readonly world: Uint8Array;
  /** Ed25519 public key, 32 bytes; undefined in worlds without a moderator. */
  readonly moderator: Uint8Array | undefined;
  /** Undefined while nobody offers one. */
  readonly store: () => Store | undefined;
  readonly random: (length: number) => Uint8Array;
}

/** Other workers of this world write to the same chain. */
const attemptsMax = 16;

export class Reports {
  readonly #setup: ReportsSetup;
  /** One after another: they would be in each other's way. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(setup: ReportsSetup) {
    this.#setup = setup;
  }

  /**
   * Keeps a report for the moderator.
   *
   * @returns false if there is no moderator or nobody who keeps it.
   * @throws StoreError if it could not be kept.
   */
  file(report: Report): Promise<boolean> {
    const filed = this.#last.then(() => this.#file(report));
    this.#last = filed.catch(() => undefined);
    return filed;
  }

  async #file(report: Report): Promise<boolean> {
    const { world, moderator, random } = this.#setup;
    const store = this.#setup.store();
    if (moderator === undefined || store === undefined) return false;
    const chain = reportsChain(world);
    const record = sealReport(report, moderator, random(32));
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
