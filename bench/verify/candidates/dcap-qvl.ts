/** `@phala/dcap-qvl`, written in JavaScript. */
import { Buffer as PackagedBuffer } from "buffer/";
import { QuoteVerifier } from "@phala/dcap-qvl";
import type { Candidate } from "../candidate.ts";
import { measure } from "../measure.ts";

// It expects Node's own kind of bytes everywhere, in a browser too.
globalThis.Buffer ??= PackagedBuffer as typeof globalThis.Buffer;

const setup: Candidate["setup"] = ({ quote, collateral, root, now }) => {
  const verifier = QuoteVerifier.newWithRootCa(Buffer.from(root, "hex"));
  const bytes = Buffer.from(quote, "hex");
  return Promise.resolve(() => Promise.resolve(verifier.verify(bytes, collateral, now).status));
};

export const run = measure.bind(undefined, { setup });
