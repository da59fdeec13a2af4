/** `@phala/dcap-qvl-web`, compiled from Rust to WebAssembly. Its root is Intel's and cannot be replaced. */
import { initSync, js_verify } from "@phala/dcap-qvl-web";
import type { Candidate } from "../candidate.ts";
import { measure } from "../measure.ts";

const setup: Candidate["setup"] = ({ quote, collateral, now, wasm }) => {
  initSync({ module: Uint8Array.from(wasm) });
  const bytes = Uint8Array.from(quote.match(/../g)!, (pair) => parseInt(pair, 16));
  return Promise.resolve(() => Promise.resolve(js_verify(bytes, collateral, BigInt(now)).status));
};

export const run = measure.bind(undefined, { setup });
