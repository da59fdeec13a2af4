/**
 * Where sealed history is kept. The store counts records and links them by their heads; it can read none of them.
 *
 * A *chain* is one history: of a room, of what a player keeps, of a journal. Its records are numbered from 0. A record
 * is appended only behind the head its writer expects, so two workers that write to one chain notice each other. That
 * prevents accidents; a hostile host may answer what it likes, and is noticed by players' witnesses.
 *
 * Every method rejects with StoreError when the answer is not known or not possible.
 */

/** Names a chain: lower-case letters, digits and dashes, at most `chainIdMax`. */
export type ChainId = string & { readonly "~": "ChainId" };

export const chainIdMax = 80;
export const headLength = 32;

/** One record: what a worker writes at one boundary for one room. Holds every player's move of a full room, thrice. */
export const recordMax = 4 * 1024 * 1024;

/** The largest room's memory, which hardly compressed. */
export const snapshotMax = 80 * 1024 * 1024;

/** Records in one call: a boundary of all rooms of a large worker. */
export const batchMax = 8192;

/** Records, heads and chains in one answer. Whoever wants more asks again from where it ended. */
export const recordsMax = 4096;
export const headsMax = 8192;
export const listMax = 1000;

/** Snapshots kept of each chain: the newest, and one more in case it cannot be read. */
export const snapshotsKept = 2;

/** The head before the first record. */
export const noHead: Uint8Array = new Uint8Array(headLength);

export interface Append {
  readonly chain: ChainId;
  /** 32 bytes: of the newest record the writer knows; `noHead` for the first. */
  readonly expected: Uint8Array;
  /** 32 bytes: of this record. */
  readonly head: Uint8Array;
  readonly record: Uint8Array;
}

/**
 * `stored`: it survives a crash of this machine; also the answer when the same record was stored before, so that an
 * append whose answer was lost can be repeated. `conflict`: nothing was stored, another head is there.
 */
export type Appended = { readonly answer: "stored"; readonly index: number } | { readonly answer: "conflict" };

export interface Snapshot {
  readonly chain: ChainId;
  /** Records it stands for: the next one to replay has this index. */
  readonly index: number;
  /** 32 bytes: of record `index - 1`. */
  readonly head: Uint8Array;
  readonly bytes: Uint8Array;
}

/** What there is of a chain. */
export interface ChainState {
  readonly chain: ChainId;
  /** Records ever appended; the index of the next one. */
  readonly length: number;
  readonly head: Uint8Array;
  /** Of the oldest record that was not compacted away. */
  readonly first: number;
  /** By the clock of the store's machine, in ms since 1970: for retention, and nothing else. */
  readonly changedAt: number;
}

export interface StoredRecord {
  readonly index: number;
  readonly head: Uint8Array;
  readonly record: Uint8Array;
}

export interface Store {
  /** All of them in one transaction, each answered for itself. Records of one chain may follow each other in a batch. */
  append(batch: readonly Append[]): Promise<readonly Appended[]>;
  /** Keeps a snapshot, and of each chain the newest `snapshotsKept`. "conflict" if no such record is there. */
  save(snapshot: Snapshot): Promise<"stored" | "conflict">;
  /** Undefined if there is no such chain. */
  state(chain: ChainId): Promise<ChainState | undefined>;
  /** The newest snapshot, or the newest one before index `below`. */
  snapshot(chain: ChainId, below?: number): Promise<Snapshot | undefined>;
  /** Records from `from` on, in order, as many as fit `bytesMax`, but at least one if there is one; at most `recordsMax`. */
  records(chain: ChainId, from: number, bytesMax: number): Promise<readonly StoredRecord[]>;
  /** Heads of records `from` to `from + count - 1`, 32 bytes each, as many as there are; at most `headsMax`. Compaction keeps them. */
  heads(chain: ChainId, from: number, count: number): Promise<Uint8Array>;
  /** Forgets records before `below`; heads stay. "conflict" if the oldest snapshot kept would need one of them. */
  compact(chain: ChainId, below: number): Promise<"compacted" | "conflict">;
  /** Chains whose names begin with `prefix` and come after `after`, by name; at most `listMax`. */
  list(prefix: string, after: string, count: number): Promise<readonly ChainState[]>;
  /** Forgets a chain with all there is of it. */
  remove(chain: ChainId): Promise<void>;
  /** Lets what was begun end. */
  close(): Promise<void>;
}

export type StoreErrorCode =
  | "store-full"
  | "store-failed"
  | "store-damaged"
  | "store-in-use"
  | "store-closed"
  | "store-refused";

/**
 * - `store-full`: no room on its disk.
 * - `store-failed`: it could not be asked, read or written. What was to be written may be stored or not.
 * - `store-damaged`: it holds what it cannot have written.
 * - `store-in-use`: another process has it open.
 * - `store-closed`: whoever asks has closed it.
 * - `store-refused`: the question breaks a limit.
 *
 * `detail` is for the operator's log: it names chains and errors of the system, nothing of what is stored.
 */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly detail: string;

  constructor(code: StoreErrorCode, detail: string) {
    super(code);
    this.name = "StoreError";
    this.code = code;
    this.detail = detail;
  }
}

const chainPattern = new RegExp(`^[a-z0-9-]{1,${chainIdMax}}$`);

export const isChainId = (text: unknown): text is ChainId => typeof text === "string" && chainPattern.test(text);

/** What names can begin with, and nothing at all. */
export const isChainPrefix = (text: string): boolean => text === "" || chainPattern.test(text);

/** @throws StoreError "store-refused". */
export function checkAppends(batch: readonly Append[]): void {
  if (batch.length > batchMax) throw refused(`more than ${batchMax} records in one call`);
  for (const { chain, expected, head, record } of batch) {
    checkChain(chain);
    if (expected.length !== headLength || head.length !== headLength) throw refused(`a head has ${headLength} bytes`);
    if (record.length > recordMax) throw refused(`a record of more than ${recordMax} bytes`);
  }
}

/** @throws StoreError "store-refused". */
export function checkSnapshot({ chain, index, head, bytes }: Snapshot): void {
  checkChain(chain);
  if (!Number.isSafeInteger(index) || index < 1) throw refused("a snapshot stands for one record or more");
  if (head.length !== headLength) throw refused(`a head has ${headLength} bytes`);
  if (bytes.length > snapshotMax) throw refused(`a snapshot of more than ${snapshotMax} bytes`);
}

/** @throws StoreError "store-refused". */
export function checkChain(chain: string): void {
  if (!isChainId(chain)) throw refused("no name of a chain");
}

/** Of an index or a number of things. @throws StoreError "store-refused". */
export function checkCount(value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw refused("no whole number from 0 on");
}

const refused = (detail: string): StoreError => new StoreError("store-refused", detail);
