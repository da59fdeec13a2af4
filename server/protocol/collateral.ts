/**
 * How a worker, which has no network, gets the vendor's statements about its machine: it asks a gateway, which asks the
 * vendor's service and hands back what that said, unread. All of it is signed, so a gateway can only withhold it.
 */
import { decodeMsgpack, encodeMsgpack } from "./msgpack.ts";
import { ProtocolError } from "./errors.ts";
import { collateralChainMax, collateralPartMax } from "./limits.ts";
import { isRecord, type Value } from "./value.ts";

/** `wanted`: `ref` comes back in `collateral`. */
export interface CollateralRequest {
  readonly ref: number;
  readonly tee: "tdx" | "sgx";
  /** Model of the machine: 12 hex digits. */
  readonly fmspc: string;
  /** Which of the vendor's two CAs issued the machine's certificate. */
  readonly ca: "platform" | "processor";
}

/** Bodies as the service sent them; chains as they stand in its headers, percent-encoded PEM. */
export interface CollateralParts {
  readonly rootCrl: Uint8Array;
  readonly pckCrl: Uint8Array;
  readonly tcbInfo: Uint8Array;
  readonly tcbInfoChain: string;
  readonly qeIdentity: Uint8Array;
  readonly qeIdentityChain: string;
}

/** `collateral` */
export interface CollateralAnswer {
  readonly ref: number;
  /** Null if the service could not be reached, or said something else. */
  readonly parts: CollateralParts | null;
}

export const encodeCollateralRequest = (request: CollateralRequest): Uint8Array => encodeMsgpack(request);

/** @throws ProtocolError "malformed", as both decoders here. */
export function decodeCollateralRequest(body: Uint8Array): CollateralRequest {
  const { ref, tee, fmspc, ca } = map(decodeMsgpack(body));
  if (tee !== "tdx" && tee !== "sgx") throw malformed("tee");
  if (ca !== "platform" && ca !== "processor") throw malformed("ca");
  if (typeof fmspc !== "string" || !/^[0-9a-f]{12}$/.test(fmspc)) throw malformed("fmspc");
  return { ref: count(ref), tee, fmspc, ca };
}

export const encodeCollateralAnswer = ({ ref, parts }: CollateralAnswer): Uint8Array =>
  encodeMsgpack({ ref, parts: parts === null ? null : { ...parts } });

export function decodeCollateralAnswer(body: Uint8Array): CollateralAnswer {
  const { ref, parts } = map(decodeMsgpack(body));
  if (parts === null) return { ref: count(ref), parts };
  const { rootCrl, pckCrl, tcbInfo, tcbInfoChain, qeIdentity, qeIdentityChain } = map(parts);
  return {
    ref: count(ref),
    parts: {
      rootCrl: part(rootCrl),
      pckCrl: part(pckCrl),
      tcbInfo: part(tcbInfo),
      tcbInfoChain: chain(tcbInfoChain),
      qeIdentity: part(qeIdentity),
      qeIdentityChain: chain(qeIdentityChain),
    },
  };
}

const malformed = (what: string): ProtocolError => new ProtocolError("malformed", `collateral: ${what}`);

function map(value: unknown): { readonly [key: string]: Value } {
  if (!isRecord(value)) throw malformed("a map");
  return value;
}

function count(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw malformed("ref");
  return value;
}

function part(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length > collateralPartMax) throw malformed("part");
  return value;
}

function chain(value: unknown): string {
  if (typeof value !== "string" || value.length > collateralChainMax) throw malformed("chain");
  return value;
}
