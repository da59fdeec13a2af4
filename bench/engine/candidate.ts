/** The workloads in one engine, however it is called. */
export interface Candidate {
  readonly name: string;
  readonly kind: "compiled" | "interpreted";
  /** Where its input is written, and its output read; asked again after every call. */
  readonly input: Uint8Array;
  readonly output: Uint8Array;
  readonly call: (work: number, length: number) => number;
}

/** Of both windows, in bytes. */
export const inputLength = 1024;
export const outputLength = 65_536;
