/** Block headers and what they announce (Polkadot specification, section 3.3 "Block Format"). */
import { blake2b } from "@noble/hashes/blake2.js";
import { bytesToHex } from "#protocol/bytes.ts";
import { demand } from "./errors.ts";
import { digestItemsMax, headerLengthMax, headersMax } from "./limits.ts";
import { ScaleReader } from "./scale.ts";

/** 64 hexadecimal digits. */
export type BlockHash = string & { readonly brand: "BlockHash" };

export interface Header {
  readonly hash: BlockHash;
  readonly parentHash: BlockHash;
  readonly number: number;
  readonly stateRoot: Uint8Array;
  readonly extrinsicsRoot: Uint8Array;
  readonly digest: readonly DigestItem[];
}

export type DigestItem =
  | { readonly kind: "consensus" | "seal" | "pre-runtime"; readonly engine: string; readonly data: Uint8Array }
  | { readonly kind: "other"; readonly data: Uint8Array }
  /** The next block runs other code. */
  | { readonly kind: "runtime-updated" };

export const blake2b256 = (bytes: Uint8Array): Uint8Array => blake2b(bytes, { dkLen: 32 });

export const hashOf = (bytes: Uint8Array): BlockHash => bytesToHex(blake2b256(bytes)) as BlockHash;

/** @throws ProofError "too-long", "header-malformed". */
export function decodeHeader(bytes: Uint8Array): Header {
  demand(bytes.length <= headerLengthMax, "too-long");
  const reader = new ScaleReader(bytes, "header-malformed");
  const header = readHeader(reader, bytes);
  reader.end();
  return header;
}

/** The next header in what is read. @param bytes all of what is read. @throws whatever the reader throws. */
export function readHeader(reader: ScaleReader, bytes: Uint8Array): Header {
  const from = reader.at;
  const parentHash = bytesToHex(reader.take(32)) as BlockHash;
  const number = reader.compact();
  const stateRoot = reader.take(32);
  const extrinsicsRoot = reader.take(32);
  const digest = reader.vector(digestItemsMax, () => readDigestItem(reader));
  return { hash: hashOf(bytes.subarray(from, reader.at)), parentHash, number, stateRoot, extrinsicsRoot, digest };
}

const engineKinds = { 4: "consensus", 5: "seal", 6: "pre-runtime" } as const;

/** Section 3.3.3 "Digest". Other kinds were given up before there were chains that this could follow. */
function readDigestItem(reader: ScaleReader): DigestItem {
  const kind = reader.u8();
  if (kind === 0) return { kind: "other", data: reader.prefixed() };
  if (kind === 8) return { kind: "runtime-updated" };
  if (kind !== 4 && kind !== 5 && kind !== 6) throw reader.fail(`a digest item of kind ${kind}`);
  const engine = String.fromCharCode(...reader.take(4));
  return { kind: engineKinds[kind], engine, data: reader.prefixed() };
}

/**
 * Headers that follow one another from a block that is known.
 *
 * @param encoded oldest first, at most `headersMax`.
 * @throws ProofError "too-long", "header-malformed", "header-parent", "header-number".
 */
export function verifyChain(
  from: { readonly hash: BlockHash; readonly number: number },
  encoded: readonly Uint8Array[],
): readonly Header[] {
  demand(encoded.length <= headersMax, "too-long", `${encoded.length} headers`);
  let before = from;
  return encoded.map((bytes) => {
    const header = decodeHeader(bytes);
    demand(header.parentHash === before.hash, "header-parent", `block ${header.number}`);
    demand(header.number === before.number + 1, "header-number", `block ${header.number}`);
    before = header;
    return header;
  });
}
