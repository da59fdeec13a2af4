/** Memory as the pages in which it differs from another memory: what a new room copies, and what a snapshot keeps. */

/** The unit of comparison and copying: small enough that a changed number does not cost much, a memory page to the host. */
export const pageLength = 4096;

/** A page of WebAssembly, the unit in which memory grows. */
export const wasmPageLength = 65_536;

const pageWords = pageLength / 4;

/** Whether two memories have the same bytes in a range. */
export type EqualRange = (start: number, end: number) => boolean;

/**
 * Indexes of the pages in which `memory` differs from `base`, in order. Beyond the end of `base`, memory that was never
 * written is zero. Both are whole pages long and begin at a multiple of four.
 *
 * @param equal compares the two, if the machine knows a faster way.
 */
export function changedPages(memory: Uint8Array, base: Uint8Array, equal = equalWords(memory, base)): number[] {
  const common = Math.min(memory.length, base.length);
  const pages: number[] = [];
  for (let at = 0; at < common; at += pageLength) if (!equal(at, at + pageLength)) pages.push(at / pageLength);
  const words = wordsOf(memory);
  for (let at = common; at < memory.length; at += pageLength) if (!isZero(words, at / 4)) pages.push(at / pageLength);
  return pages;
}

export const pageOf = (memory: Uint8Array, page: number): Uint8Array =>
  memory.subarray(page * pageLength, (page + 1) * pageLength);

/**
 * Adds the difference of two pages to `target`, and takes it away again: exclusive or. Of a changed page most bytes are
 * as they were, so that the difference is mostly zeros.
 *
 * @param target one page, at a multiple of four.
 * @param base the memory whose page it is; beyond its end, zeros.
 */
export function exclusiveOr(target: Uint8Array, base: Uint8Array, page: number): void {
  if (page * pageLength >= base.length) return;
  const words = wordsOf(target);
  const baseWords = wordsOf(base);
  const start = page * pageWords;
  for (let i = 0; i < pageWords; i++) words[i]! ^= baseWords[start + i]!;
}

const wordsOf = (bytes: Uint8Array): Int32Array =>
  new Int32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));

/** Eight words at a time. */
function equalWords(memory: Uint8Array, base: Uint8Array): EqualRange {
  const a = wordsOf(memory);
  const b = wordsOf(base);
  return (start, end) => {
    for (let i = start / 4; i < end / 4; i += 8) {
      const difference =
        (a[i]! ^ b[i]!) |
        (a[i + 1]! ^ b[i + 1]!) |
        (a[i + 2]! ^ b[i + 2]!) |
        (a[i + 3]! ^ b[i + 3]!) |
        (a[i + 4]! ^ b[i + 4]!) |
        (a[i + 5]! ^ b[i + 5]!) |
        (a[i + 6]! ^ b[i + 6]!) |
        (a[i + 7]! ^ b[i + 7]!);
      if (difference !== 0) return false;
    }
    return true;
  };
}

function isZero(words: Int32Array, start: number): boolean {
  for (let i = start; i < start + pageWords; i++) if (words[i] !== 0) return false;
  return true;
}
