/** What an operator is told about a store that does not do its part. */
import type { StoreError, StoreErrorCode } from "#protocol/store.ts";

/** What to do about each, for the operator. */
export const storeSentences: Readonly<Record<StoreErrorCode, string>> = {
  "store-full": "The disk of the store is full. Free space; rooms that wait for it go on by themselves.",
  "store-failed": "The store could not be read or written. Look at its disk or its database.",
  "store-damaged":
    "The store holds what this gateway cannot have written. If a newer one has, start that; otherwise restore a copy, or begin with another folder or database.",
  "store-in-use": "Another gateway has this store open. Stop it, or give this one a folder of its own.",
  "store-closed": "The store is closed: the gateway is stopping.",
  "store-refused": "What was to be stored breaks a limit of the store.",
};

/** What happened and what to do, for a terminal. */
export const storeTrouble = ({ code, detail }: StoreError): string => `${storeSentences[code]} (${code}: ${detail})`;
