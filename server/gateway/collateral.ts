/**
 * Fetches what a hardware maker says about a worker's machine, for a worker that has no network. It is signed and meant
 * for everybody; the gateway reads none of it. Intel PCS API version 4, and the caches that speak it (PCCS).
 */
import type { CollateralParts, CollateralRequest } from "#protocol/collateral.ts";
import { collateralChainMax, collateralPartMax } from "#protocol/limits.ts";

export interface CollateralConfig {
  /** Of the service: Intel's own, or a cache. */
  readonly url: string;
  /** Of the root's revocation list, which Intel's service does not have; its caches do. */
  readonly rootCrlUrl: string;
}

const intelService = "https://api.trustedservices.intel.com";
const intelRootCrl = "https://certificates.trustedservices.intel.com/IntelSGXRootCA.der";

/** The service at this address, without a slash at its end. */
export const collateralAt = (url: string = intelService): CollateralConfig => ({
  url,
  rootCrlUrl: url === intelService ? intelRootCrl : `${url}/sgx/certification/v4/rootcacrl`,
});

/** From asking to the last byte, of each part. Workers wait somewhat longer. */
const timeoutMs = 10_000;

/** So that workers that are restarted do not ask the service each time. */
const keptMs = 60 * 60_000;

/** Models of machines whose statements are kept. */
const keptMax = 64;

export class CollateralFetcher {
  readonly #config: CollateralConfig;
  readonly #now: () => number;
  readonly #kept = new Map<string, { readonly at: number; readonly parts: Promise<CollateralParts | null> }>();

  /** @param now monotonic, in ms. */
  constructor(config: CollateralConfig, now: () => number) {
    this.#config = config;
    this.#now = now;
  }

  /** Null if the service cannot be reached or says something else. */
  fetch({ tee, fmspc, ca }: Omit<CollateralRequest, "ref">): Promise<CollateralParts | null> {
    const key = `${tee} ${fmspc} ${ca}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#now() - kept.at < keptMs) return kept.parts;
    if (this.#kept.size >= keptMax) this.#kept.clear();
    const parts = this.#fetch({ tee, fmspc, ca }).catch(() => {
      this.#kept.delete(key);
      return null;
    });
    this.#kept.set(key, { at: this.#now(), parts });
    return parts;
  }

  async #fetch({ tee, fmspc, ca }: Omit<CollateralRequest, "ref">): Promise<CollateralParts> {
    const { url, rootCrlUrl } = this.#config;
    const [rootCrl, pckCrl, tcbInfo, qeIdentity] = await Promise.all([
      get(rootCrlUrl),
      get(`${url}/sgx/certification/v4/pckcrl?ca=${ca}&encoding=der`),
      get(`${url}/${tee}/certification/v4/tcb?fmspc=${fmspc}`, "TCB-Info-Issuer-Chain"),
      get(`${url}/${tee}/certification/v4/qe/identity`, "SGX-Enclave-Identity-Issuer-Chain"),
    ]);
    return {
      rootCrl: rootCrl.body,
      pckCrl: pckCrl.body,
      tcbInfo: tcbInfo.body,
      tcbInfoChain: tcbInfo.chain,
      qeIdentity: qeIdentity.body,
      qeIdentityChain: qeIdentity.chain,
    };
  }
}

/** @throws Error for whatever is no complete answer within its limits. */
async function get(url: string, header?: string): Promise<{ readonly body: Uint8Array; readonly chain: string }> {
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  const chain = header === undefined ? "" : response.headers.get(header);
  if (response.status !== 200 || chain === null || chain.length > collateralChainMax) {
    await response.body?.cancel();
    throw new Error("no answer");
  }
  return { body: await readBounded(response), chain };
}

async function readBounded(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > collateralPartMax) throw new Error("too long");
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
