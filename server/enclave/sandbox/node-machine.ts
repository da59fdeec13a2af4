/** The machine as Node knows it. */
import { createHash } from "node:crypto";
import { SourceMap, type SourceMapPayload } from "node:module";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Machine } from "./machine.ts";

/** The fastest: a snapshot is sealed every few seconds, and level 3 gains a tenth. */
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export const nodeMachine: Machine = {
  sha256(...parts) {
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part);
    return new Uint8Array(hash.digest());
  },
  compress: (bytes) => zstdCompressSync(bytes, compression),
  decompress: (bytes, maxOutputLength) => zstdDecompressSync(bytes, { maxOutputLength }),
  comparing(one, other) {
    const bytes = Buffer.from(one.buffer, one.byteOffset, one.length);
    return (start, end) => bytes.compare(other, start, end, start, end) === 0;
  },
  sourceMap(json) {
    const map = new SourceMap(JSON.parse(json) as SourceMapPayload);
    return (line, column) => {
      const entry = map.findEntry(line - 1, column - 1);
      if (!("originalSource" in entry)) return undefined;
      return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    };
  },
};
