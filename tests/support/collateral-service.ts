/** A vendor's service for development machines: what Intel's answers, in the same words, under a development root. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Collateral } from "#attestation/evidence.ts";
import { encodePem } from "#enclave/platform/development/pem.ts";
import { createCollateral } from "#enclave/platform/development/collateral.ts";
import type { DevelopmentPki } from "#enclave/platform/development/pki.ts";
import type { CollateralParts } from "#protocol/collateral.ts";
import { bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";

const daySeconds = 86_400;

/** In force now, and for thirty days. */
export function collateralOf(pki: DevelopmentPki, now: number): Collateral {
  const day = Math.floor(now / daySeconds);
  return createCollateral(pki, { issued: (day - 1) * daySeconds, expires: (day + 29) * daySeconds });
}

/** The service's answers, as a gateway hands them on. */
export function answersOf(collateral: Collateral): CollateralParts {
  const chain = (certificates: readonly Uint8Array[]): string =>
    encodeURIComponent(certificates.map((certificate) => encodePem(certificate)).join(""));
  const signed = (name: string, text: string, signature: Uint8Array): Uint8Array =>
    utf8ToBytes(`{"${name}":${text},"signature":"${bytesToHex(signature)}"}`);
  return {
    rootCrl: utf8ToBytes(bytesToHex(collateral.rootCrl)),
    pckCrl: collateral.pckCrl,
    tcbInfo: signed("tcbInfo", collateral.tcbInfo, collateral.tcbInfoSignature),
    tcbInfoChain: chain(collateral.tcbInfoChain),
    qeIdentity: signed("enclaveIdentity", collateral.qeIdentity, collateral.qeIdentitySignature),
    qeIdentityChain: chain(collateral.qeIdentityChain),
  };
}

export interface CollateralService {
  readonly url: string;
  /** Paths and queries that were asked for. */
  readonly asked: string[];
  /** Answers that replace honest ones, by path without its query. */
  readonly faults: Map<string, { readonly status?: number; readonly body?: Uint8Array; readonly chain?: string }>;
  close(): Promise<void>;
}

export async function startCollateralService(parts: () => CollateralParts): Promise<CollateralService> {
  const asked: string[] = [];
  const faults: CollateralService["faults"] = new Map();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://service");
    asked.push(url.pathname + url.search);
    const { rootCrl, pckCrl, tcbInfo, tcbInfoChain, qeIdentity, qeIdentityChain } = parts();
    const answers: Readonly<Record<string, readonly [body: Uint8Array, header?: string, chain?: string]>> = {
      "/sgx/certification/v4/rootcacrl": [rootCrl],
      "/sgx/certification/v4/pckcrl": [pckCrl],
      "/tdx/certification/v4/tcb": [tcbInfo, "TCB-Info-Issuer-Chain", tcbInfoChain],
      "/tdx/certification/v4/qe/identity": [qeIdentity, "SGX-Enclave-Identity-Issuer-Chain", qeIdentityChain],
    };
    const answer = answers[url.pathname];
    const fault = faults.get(url.pathname);
    if (answer === undefined) return void response.writeHead(404).end();
    const [body, header, chain] = answer;
    if (header !== undefined) response.setHeader(header, fault?.chain ?? chain!);
    response.writeHead(fault?.status ?? 200).end(fault?.body ?? body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    faults,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
