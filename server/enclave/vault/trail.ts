/** What a room remembers of its log so that all of it can be revealed: where each opening began, and under which nonce. */

export interface Trail {
  readonly openings: readonly OpeningPlace[];
  /** Undefined while the log is not revealed. */
  readonly revealed: Revealed | undefined;
}

export interface OpeningPlace {
  /** 32 bytes. */
  readonly nonce: Uint8Array;
  /** Index of the opening record. */
  readonly first: number;
}

/** What names a revealed log: nobody can make another one with this head. */
export interface Revealed {
  /** Of the log, the reveal included. */
  readonly records: number;
  /** 32 bytes: of the record that revealed it. */
  readonly head: Uint8Array;
}

export const noTrail: Trail = { openings: [], revealed: undefined };
