/**
 * The development platform: evidence with the structure of genuine TDX or SGX evidence, under a root that this machine
 * made for itself. It protects nothing: whoever runs the machine has the seed that every key derives from.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Collateral, encodeEvidence } from "#attestation/evidence.ts";
import { bytesToHex, lengthPrefixed } from "#protocol/bytes.ts";
import { createCollateral } from "./development/collateral.ts";
import { createPki } from "./development/pki.ts";
import { createQuotingEnclave, type Tee } from "./development/quoting-enclave.ts";
import { loadSeed } from "./development/seed.ts";
import { createSgxQuote, developmentEnclave } from "./development/sgx-quote.ts";
import { createTdxQuote, developmentTd } from "./development/tdx-quote.ts";
import { type Platform, PlatformError } from "./platform.ts";

export interface SoftwareOptions {
  /** Where the seed is kept. Made at first start. */
  readonly directory: string;
}

const label =
  "Software platform, for development only: it protects nothing. Whoever runs this machine can read every room.";

/**
 * @throws PlatformError "platform-unavailable" if the seed in the directory is damaged.
 */
export async function softwarePlatform({ directory }: SoftwareOptions): Promise<Platform> {
  return platformFromSeed(await loadSeed(directory), () => Math.floor(Date.now() / 1000));
}

/**
 * The platform of one seed. Called with a seed that is written down anywhere, it makes a root that anybody can use:
 * only tests do that.
 *
 * @param now Unix seconds.
 */
export function platformFromSeed(seed: Uint8Array, now: () => number, tee: Tee = "tdx"): Platform {
  const pki = createPki(seed);
  const enclave = createQuotingEnclave(pki, seed, tee);
  const info = {
    name: "software",
    hardware: false,
    label,
    fingerprint: bytesToHex(sha256(pki.root.certificate)),
  };
  let today: { readonly day: number; readonly collateral: Collateral } | undefined;
  const collateralNow = (): Collateral => {
    const day = Math.floor(now() / daySeconds);
    if (today?.day !== day) today = { day, collateral: createCollateral(pki, windowOf(day), tee) };
    return today.collateral;
  };
  return {
    info: () => Promise.resolve(info),
    quote(reportData) {
      if (reportData.length !== 64) {
        const detail = `report data has ${reportData.length} bytes instead of 64`;
        return Promise.reject(new PlatformError("report-data-length", detail));
      }
      const quote =
        tee === "tdx"
          ? createTdxQuote(developmentTd(reportData), enclave)
          : createSgxQuote(developmentEnclave(reportData), enclave);
      return Promise.resolve(encodeEvidence({ kind: tee, quote, collateral: collateralNow() }));
    },
    deriveKey: (path) =>
      Promise.resolve(hkdf(sha256, seed, undefined, lengthPrefixed("phatroom/1/software-platform", path), 32)),
  };
}

const daySeconds = 86_400;

/** Thirty days, like Intel's, from the day before, so that a client whose clock is a little behind accepts it. */
const windowOf = (day: number) => ({ issued: (day - 1) * daySeconds, expires: (day + 29) * daySeconds });
