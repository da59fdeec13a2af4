/**
 * Wallets: a player's account is linked to an account on chain, which receives what the player earns.
 *
 * What the wallet signs names the world, the player in it, the channel on which it is sent, and both wallets, the one that
 * is linked and the one that was. So a signature is of use once, in one place, for one player; it moves nothing.
 *
 * A proof is what the worker gives back: whoever has it can show it to any worker of the world, however old the host says
 * that everything is.
 *
 * ```text
 * proof = [number u32 le] [wallet 32] [mac 32]
 * mac   = HMAC-SHA-256(proof key, lp("phatroom/1/wallet-proof", world, player, proof without the mac))
 * ```
 */
import { bytesToHex, concatBytes, utf8ToBytes } from "./bytes.ts";
import { codeOfNumber, numberOfCode, ProtocolError, type ErrorCode } from "./errors.ts";
import { encodeMsgpack } from "./msgpack.ts";
import { isRecord } from "./value.ts";

/** How an account on chain signs (`MultiSignature` of Substrate). */
export const walletKinds = ["sr25519", "ed25519", "ecdsa"] as const;
export type WalletKind = (typeof walletKinds)[number];

export const walletLength = 32;
const macLength = 32;
const proofBodyLength = 4 + walletLength;
export const walletProofLength = proofBodyLength + macLength;

/** Of `ecdsa` the last byte says which of two keys it is. */
export const walletSignatureLength = (kind: WalletKind): number => (kind === "ecdsa" ? 65 : 64);

export interface WalletSignature {
  readonly kind: WalletKind;
  /** Over `wrapped(walletStatement(…))`, 64 or 65 bytes. */
  readonly signature: Uint8Array;
}

export type WalletMessage =
  /** Which wallet is linked? */
  | { readonly type: "wallet"; readonly ask: "which"; readonly proof?: Uint8Array }
  | {
      readonly type: "wallet";
      readonly ask: "link";
      /** The account on chain, 32 bytes. */
      readonly wallet: Uint8Array;
      readonly signed: WalletSignature;
      /** By the wallet that is linked by now, if one is. */
      readonly consent?: WalletSignature;
    };

/** What is linked, and why what was asked for was refused. */
export interface LinkedMessage {
  readonly type: "linked";
  readonly wallet: Uint8Array | null;
  /** To be kept, and shown again; `walletProofLength` bytes. */
  readonly proof: Uint8Array | null;
  readonly refused: ErrorCode | null;
}

export interface WalletTerms {
  /** 32 bytes. */
  readonly world: Uint8Array;
  /** 32 hex digits. */
  readonly player: string;
  /** Handshake hash of the channel, 32 bytes. */
  readonly channel: Uint8Array;
  /** 32 bytes. */
  readonly wallet: Uint8Array;
  /** The wallet that is linked by now, 32 bytes. */
  readonly before: Uint8Array | null;
}

/** Readable, because the wallet shows it to whoever signs. */
export const walletStatement = ({ world, player, channel, wallet, before }: WalletTerms): string =>
  [
    "phatroom: link this wallet to a player.",
    "What that player earns in this world goes to this wallet. Nothing is moved or paid by signing.",
    "",
    `World: ${bytesToHex(world)}`,
    `Player: ${player}`,
    `Connection: ${bytesToHex(channel)}`,
    `Wallet: ${bytesToHex(wallet)}`,
    `Instead of: ${before === null ? "none" : bytesToHex(before)}`,
  ].join("\n");

/** As every wallet extension signs what is no transaction, so that it cannot be one. */
export const wrapped = (statement: string): Uint8Array => utf8ToBytes(`<Bytes>${statement}</Bytes>`);

export function encodeWallet(message: WalletMessage): Uint8Array {
  if (message.ask === "which") return encodeMsgpack(message.proof === undefined ? [] : [message.proof]);
  const { wallet, signed, consent } = message;
  const parts = [wallet, signed.kind, signed.signature];
  return encodeMsgpack(consent === undefined ? parts : [...parts, consent.kind, consent.signature]);
}

/** @param fields as msgpack was read. @throws ProtocolError "malformed". */
export function decodeWallet(fields: unknown): WalletMessage {
  if (!Array.isArray(fields)) throw malformed("a list was expected");
  const [wallet, kind, signature, oldKind, oldSignature] = fields as unknown[];
  switch (fields.length) {
    case 0:
      return { type: "wallet", ask: "which" };
    case 1:
      return { type: "wallet", ask: "which", proof: bytes(wallet, walletProofLength) };
    case 3:
      return { type: "wallet", ask: "link", wallet: bytes(wallet, walletLength), signed: signed(kind, signature) };
    case 5: {
      const consent = signed(oldKind, oldSignature);
      return {
        type: "wallet",
        ask: "link",
        wallet: bytes(wallet, walletLength),
        signed: signed(kind, signature),
        consent,
      };
    }
    default:
      throw malformed("so many fields");
  }
}

export const encodeLinked = ({ wallet, proof, refused }: LinkedMessage): Uint8Array =>
  encodeMsgpack({ wallet, proof, refused: refused === null ? null : numberOfCode(refused) });

/** @param fields as msgpack was read. @throws ProtocolError "malformed". */
export function decodeLinked(fields: unknown): LinkedMessage {
  if (!isRecord(fields) || Object.keys(fields).length !== 3) throw malformed("linked");
  const { wallet, proof, refused } = fields;
  if ((wallet === null) !== (proof === null)) throw malformed("linked");
  if (refused !== null && (typeof refused !== "number" || !Number.isSafeInteger(refused))) throw malformed("linked");
  return {
    type: "linked",
    wallet: wallet === null ? null : bytes(wallet, walletLength),
    proof: proof === null ? null : bytes(proof, walletProofLength),
    refused: refused === null ? null : codeOfNumber(refused),
  };
}

/** A proof's parts, genuine or not. @param proof `walletProofLength` bytes. */
export function readProof(proof: Uint8Array): {
  readonly number: number;
  readonly wallet: Uint8Array;
  readonly body: Uint8Array;
  readonly mac: Uint8Array;
} {
  if (proof.length !== walletProofLength) throw malformed("a proof's length");
  const body = proof.slice(0, proofBodyLength);
  const number = new DataView(body.buffer).getUint32(0, true);
  return { number, wallet: body.slice(4), body, mac: proof.slice(proofBodyLength) };
}

/** A proof without its mac. @param number of this player's links, from 1 on. */
export function proofBody(number: number, wallet: Uint8Array): Uint8Array {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, number, true);
  return concatBytes(head, wallet);
}

function signed(kind: unknown, signature: unknown): WalletSignature {
  const known = walletKinds.find((one) => one === kind);
  if (known === undefined) throw malformed("a kind of wallet");
  return { kind: known, signature: bytes(signature, walletSignatureLength(known)) };
}

function bytes(value: unknown, length: number): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== length) throw malformed(`${length} bytes`);
  return value.slice();
}

const malformed = (detail: string): ProtocolError => new ProtocolError("malformed", detail);
