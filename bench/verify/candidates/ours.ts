/** Our own verifier. */
import { collateralFromPcs } from "../../../server/attestation/pcs.ts";
import { verify } from "../../../server/attestation/verify.ts";
import { webCryptoPrimitives } from "../../../client/sdk/primitives.ts";
import { hexToBytes } from "../../../server/protocol/bytes.ts";
import type { Candidate } from "../candidate.ts";
import { measure } from "../measure.ts";

const setup: Candidate["setup"] = ({ quote, collateral, root, now }) => {
  const bytes = hexToBytes(quote);
  const options = { roots: [hexToBytes(root)], now, primitives: webCryptoPrimitives() };
  // The others take collateral as JSON as well, and read it each time.
  const once = () => verify({ kind: "tdx", quote: bytes, collateral: collateralFromPcs(collateral) }, options);
  return Promise.resolve(async () => (await once()).tcb.status);
};

export const run = measure.bind(undefined, { setup });
