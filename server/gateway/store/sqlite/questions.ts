/** What the gateway's thread asks the store's thread, and what comes back. */
import type { StoreQuestions } from "#protocol/store-questions.ts";
import type { StoreErrorCode } from "#protocol/store.ts";

export interface ThreadSetup {
  readonly directory: string;
}

/** All that is asked of a store, and what the thread itself is. */
export interface Questions extends StoreQuestions {
  readonly open: { readonly given: undefined; readonly answer: void };
  readonly close: { readonly given: undefined; readonly answer: void };
}

export type Question = {
  [Name in keyof Questions]: { readonly id: number; readonly name: Name; readonly given: Questions[Name]["given"] };
}[keyof Questions];

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: { readonly code: StoreErrorCode; readonly detail: string } };
