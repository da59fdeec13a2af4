/** A verifier as the bench sees it: the same few lines around each, in Node and in a page. */

/** One TDX quote as services hand it around. */
export interface Input {
  /** Hexadecimal. */
  readonly quote: string;
  /** Of Intel's service, as JSON. */
  readonly collateral: Readonly<Record<string, string>>;
  /** Hexadecimal DER. */
  readonly root: string;
  /** Unix seconds. */
  readonly now: number;
  /** The candidate's WebAssembly module, if it is one, byte by byte. */
  readonly wasm: readonly number[];
}

export interface Candidate {
  /** @returns a function that verifies the evidence once, and says its TCB status. */
  readonly setup: (input: Input) => Promise<() => Promise<string>>;
}

/** What one candidate did in one place. */
export interface Times {
  readonly status: string;
  /** From the script's text to the first verdict. */
  readonly coldMs: number;
  /** One verification after the other, when the code was warm. */
  readonly warmMs: readonly number[];
}

/** What a candidate's script exports. */
export interface Runnable {
  run(input: Input, runs: number, from: number): Promise<Times>;
}
