/** What the gateway's thread asks the store's thread, and what comes back. */
import type { Append, Appended, ChainId, ChainState, Snapshot, StoredRecord, StoreErrorCode } from "#protocol/store.ts";

export interface ThreadSetup {
  readonly directory: string;
}

export interface Questions {
  readonly open: { readonly given: undefined; readonly answer: void };
  readonly append: { readonly given: readonly Append[]; readonly answer: readonly Appended[] };
  readonly save: { readonly given: Snapshot; readonly answer: "stored" | "conflict" };
  readonly state: { readonly given: ChainId; readonly answer: ChainState | undefined };
  readonly snapshot: {
    readonly given: { readonly chain: ChainId; readonly below: number };
    readonly answer: Snapshot | undefined;
  };
  readonly records: {
    readonly given: { readonly chain: ChainId; readonly from: number; readonly bytesMax: number };
    readonly answer: readonly StoredRecord[];
  };
  readonly heads: {
    readonly given: { readonly chain: ChainId; readonly from: number; readonly count: number };
    readonly answer: Uint8Array;
  };
  readonly compact: {
    readonly given: { readonly chain: ChainId; readonly below: number };
    readonly answer: "compacted" | "conflict";
  };
  readonly list: {
    readonly given: { readonly prefix: string; readonly after: string; readonly count: number };
    readonly answer: readonly ChainState[];
  };
  readonly remove: { readonly given: ChainId; readonly answer: void };
  readonly close: { readonly given: undefined; readonly answer: void };
}

export type Question = {
  [Name in keyof Questions]: { readonly id: number; readonly name: Name; readonly given: Questions[Name]["given"] };
}[keyof Questions];

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: { readonly code: StoreErrorCode; readonly detail: string } };
