/** Where a room's boundaries go, and how far they have got. */
import type { Manifest } from "#protocol/manifest.ts";
import type { Finale } from "./finale.ts";
import type { Boundary } from "./inputs.ts";

export interface RoomJournal {
  /** 32 bytes: binds every boundary that is durable, in order, and which room this is. */
  readonly head: Uint8Array;
  /** Which opening of the room this is, from 1 on. */
  readonly term: number;
  /** Boundaries recorded so far. */
  readonly recorded: number;
  /** How many of them are durable: what they caused may be told. */
  readonly durable: number;
  record(boundary: Boundary): void;
  /** What players keep of it: speaks for everything durable, if anything is. Undefined where nobody keeps the room. */
  witness?(): Uint8Array;
  /** Gives everybody what opens it, as its last word; see `vault/reveal.ts`. Undefined where nobody keeps the room. */
  reveal?(finale: Finale, manifest: Manifest): void;
  /** What names the log that was revealed, once that is durable. */
  readonly revealed?: { readonly records: number; readonly head: Uint8Array } | undefined;
}
