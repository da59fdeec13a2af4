/** What the page holds: files that a person gave it, what the replay found, and the boundary that is looked at. */
import { batch, signal, type ReadonlySignal } from "@preact/signals";
import {
  AuditError,
  auditErrors,
  decodeLogFile,
  momentAt,
  replay,
  type MomentReport,
  type Report,
} from "#audit/index.ts";
import type { pageEngine } from "#audit/page-engine.ts";
import { bytesToHex, equalBytes, hexToBytes } from "#protocol/bytes.ts";

type Engine = Awaited<ReturnType<typeof pageEngine>>;
type Rules = Awaited<ReturnType<Engine["load"]>>;

export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a replay found, and what it takes to look into it. */
export interface Found {
  readonly report: Report;
  readonly ms: number;
  /** Of the records that hold a boundary, in order. */
  readonly boundaries: readonly number[];
}

/** What every log begins with. */
const logBegins = "phatroom log ";

export class ReplayState {
  readonly #engine: () => Promise<Engine>;
  readonly #log = signal<GivenFile | null>(null);
  readonly #rules = signal<readonly GivenFile[]>([]);
  readonly #head = signal("");
  readonly #working = signal(false);
  readonly #trouble = signal<string | null>(null);
  readonly #found = signal<Found | null>(null);
  readonly #moment = signal<MomentReport | null>(null);
  /** As the last replay took them: those the room began with, then others. */
  #loaded: readonly [Rules, ...Rules[]] | undefined;

  readonly log: ReadonlySignal<GivenFile | null> = this.#log;
  readonly rules: ReadonlySignal<readonly GivenFile[]> = this.#rules;
  /** As it was typed. */
  readonly head: ReadonlySignal<string> = this.#head;
  readonly working: ReadonlySignal<boolean> = this.#working;
  /** Why there is no report, as a sentence. */
  readonly trouble: ReadonlySignal<string | null> = this.#trouble;
  readonly found: ReadonlySignal<Found | null> = this.#found;
  readonly moment: ReadonlySignal<MomentReport | null> = this.#moment;

  constructor(engine: () => Promise<Engine>) {
    this.#engine = engine;
  }

  /** Logs are told by how they begin; everything else is taken for rules. */
  async give(files: readonly GivenFile[]): Promise<void> {
    for (const file of files) {
      if (String.fromCharCode(...file.bytes.subarray(0, logBegins.length)) === logBegins) this.#log.value = file;
      else this.#rules.value = [...this.#rules.value.filter(({ name }) => name !== file.name), file];
    }
    await this.#repeat();
  }

  async say(head: string): Promise<void> {
    this.#head.value = head.trim().toLowerCase();
    await this.#repeat();
  }

  /** Looks at the room right after this record. */
  look(index: number): void {
    const log = this.#log.value;
    if (log === null || this.#loaded === undefined) return;
    const [first, ...later] = this.#loaded;
    this.#moment.value = momentAt(log.bytes, first, index, { later }).moment ?? null;
  }

  async #repeat(): Promise<void> {
    const log = this.#log.value;
    batch(() => {
      this.#found.value = null;
      this.#moment.value = null;
      this.#trouble.value = null;
    });
    if (log === null || this.#rules.value.length === 0 || this.#working.value) return;
    this.#working.value = true;
    try {
      await new Promise((resolve) => setTimeout(resolve));
      this.#found.value = await this.#replayed(log);
      const [first] = this.#found.value.boundaries;
      if (first !== undefined) this.look(first);
    } catch (error) {
      this.#trouble.value = sentenceOf(error);
    } finally {
      this.#working.value = false;
    }
  }

  /** @throws Error with a sentence for whoever gave the files; AuditError. */
  async #replayed({ bytes }: GivenFile): Promise<Found> {
    const { contract } = decodeLogFile(bytes);
    const rules = await this.#load();
    const first = rules.find(({ hash }) => equalBytes(hash, contract));
    if (first === undefined) {
      throw new Error(`None of these rules has the contract hash that the log names: ${bytesToHex(contract)}.`);
    }
    const later = rules.filter((one) => one !== first);
    this.#loaded = [first, ...later];
    const boundaries: number[] = [];
    const head = parseHead(this.#head.value);
    const began = performance.now();
    const report = replay(bytes, first, {
      later,
      ...(head === undefined ? {} : { head }),
      look: ({ index }) => boundaries.push(index),
    });
    return { report, ms: performance.now() - began, boundaries };
  }

  async #load(): Promise<Rules[]> {
    const engine = await this.#engine();
    const loaded: Rules[] = [];
    for (const { name, bytes } of this.#rules.value) {
      try {
        loaded.push(await engine.load(bytes));
      } catch {
        throw new Error(`${name} is neither a log nor a contract as phatroom build writes them.`);
      }
    }
    return loaded;
  }
}

function parseHead(typed: string): Uint8Array | undefined {
  if (typed === "") return undefined;
  if (!/^[0-9a-f]{64}$/.test(typed)) throw new Error("A head has 64 digits and letters from a to f.");
  return hexToBytes(typed);
}

const sentenceOf = (error: unknown): string =>
  error instanceof AuditError ? auditErrors[error.code] : error instanceof Error ? error.message : String(error);
