/** What Node unpacks for logs of development platforms. */
import { zstdDecompressSync } from "node:zlib";
import type { Decompress } from "#audit/records.ts";

export const zstd: Decompress = (bytes, maxOutputLength) =>
  new Uint8Array(zstdDecompressSync(bytes, { maxOutputLength }));
