/** `phatroom/built-in`: what a page believes about its place. Filled in when the page is built, never at run time. */
import type { Policy } from "#attestation/policy.ts";

export interface BuiltIn {
  /** World id, 32 bytes. */
  readonly world: Uint8Array;
  /** Contract hashes by name, 32 bytes each. */
  readonly contracts: { readonly [name: string]: Uint8Array };
  /** Modules for `loadPredictor`, of contracts that have one. */
  readonly predictors: { readonly [name: string]: Uint8Array };
  readonly policy: Policy;
}

/** @throws Error outside of pages that `phatroom` built: there is nothing to believe then. */
export const builtIn: BuiltIn = missing();

function missing(): BuiltIn {
  throw new Error("phatroom/built-in exists in pages that `phatroom dev` builds");
}
