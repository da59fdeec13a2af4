/** Phala's own client of dstack's guest agent, `@phala/dstack-sdk` 0.5.8: whom it understands is an agent. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

/** What of it is used here. */
export interface DstackClient {
  isReachable(): Promise<boolean>;
  version(): Promise<{ readonly version: string }>;
  info(): Promise<{
    readonly app_id: string;
    readonly instance_id: string;
    readonly compose_hash: string;
    readonly tcb_info: { readonly rtmr3: string; readonly app_compose: string };
  }>;
  getQuote(reportData: Uint8Array): Promise<{
    readonly quote: string;
    readonly event_log: string;
    readonly vm_config?: string;
    /** By register. */
    replayRtmrs(): Readonly<Record<number, string>>;
  }>;
  getKey(
    path: string,
    purpose?: string,
    algorithm?: string,
  ): Promise<{ readonly key: Uint8Array; readonly signature_chain: readonly Uint8Array[] }>;
  attest(reportData: Uint8Array): Promise<{ readonly attestation: Uint8Array | string }>;
  sign(
    algorithm: string,
    data: Uint8Array,
  ): Promise<{ readonly signature: Uint8Array; readonly public_key: Uint8Array }>;
  verify(
    algorithm: string,
    data: Uint8Array,
    signature: Uint8Array,
    publicKey: Uint8Array,
  ): Promise<{ readonly valid: boolean }>;
}

const manifest = new URL("node_modules/@phala/dstack-sdk/package.json", import.meta.url);

/** Why it cannot be asked; undefined if it can. */
export const missing = existsSync(manifest)
  ? undefined
  : "@phala/dstack-sdk is not installed: npm ci --prefix tests/oracles";

/** @param endpoint a Unix socket's path or `http://host:port`. */
export function officialClient(endpoint: string): DstackClient {
  const sdk = createRequire(import.meta.url)("@phala/dstack-sdk") as {
    readonly DstackClient: new (endpoint: string) => DstackClient;
  };
  return new sdk.DstackClient(endpoint);
}
