/**
 * What the store sees of a length: a record is compressed, then padded to the next size of a short list.
 *
 * ```text
 * [how u8: 0 as it is, 1 zstd] [length u32 le] [bytes] [zeros up to the size]
 * ```
 */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { VaultError } from "./errors.ts";

const headerLength = 5;

/** Below this, compression saves less than padding adds. */
const compressFrom = 512;

/** Sizes double from here on: at most half of what is stored is padding, and few sizes tell rooms apart. */
const sizeMin = 128;

/** Beyond this, sizes are multiples of it: a snapshot of 5 MiB is not stored as 8. */
const sizeStep = 256 * 1024;

export function pad(bytes: Uint8Array): Uint8Array {
  const compressed =
    bytes.length < compressFrom
      ? undefined
      : zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  return compressed !== undefined && compressed.length < bytes.length ? padTo(1, compressed) : padTo(0, bytes);
}

/** Padded only: what others than this worker will read, on machines that know no zstd. */
export const padAsIs = (bytes: Uint8Array): Uint8Array => padTo(0, bytes);

function padTo(how: number, content: Uint8Array): Uint8Array {
  const padded = new Uint8Array(sizeFor(headerLength + content.length));
  padded[0] = how;
  new DataView(padded.buffer).setUint32(1, content.length, true);
  padded.set(content, headerLength);
  return padded;
}

/**
 * @param lengthMax what may come out.
 * @throws VaultError "damaged". What was padded here was authentic, so that this means a mistake of ours or another version.
 */
export function unpad(padded: Uint8Array, lengthMax: number): Uint8Array {
  if (padded.length < headerLength) throw new VaultError("damaged", "shorter than a header");
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(1, true);
  const content = padded.subarray(headerLength, headerLength + length);
  if (content.length !== length) throw new VaultError("damaged", "shorter than it says");
  switch (padded[0]) {
    case 0:
      if (length > lengthMax) throw new VaultError("damaged", "too long");
      return content.slice();
    case 1:
      try {
        return new Uint8Array(zstdDecompressSync(content, { maxOutputLength: lengthMax }));
      } catch {
        throw new VaultError("damaged", "does not decompress");
      }
    default:
      throw new VaultError("damaged", "another way of packing");
  }
}

function sizeFor(length: number): number {
  if (length > sizeStep) return Math.ceil(length / sizeStep) * sizeStep;
  let size = sizeMin;
  while (size < length) size *= 2;
  return size;
}
