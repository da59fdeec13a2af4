/** Memory as the pages in which it differs from another memory: what a new room copies, and what a snapshot keeps. */

/** The unit of comparison and copying: small enough that a changed number does not cost much, a memory page to the host. */
export const pageLength = 4096;

/** A half-open range of bytes. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

const zeros = Buffer.alloc(pageLength);

/**
 * Indexes of the pages in which `memory` differs from `base`, in order. Beyond the end of `base`, memory that was never
 * written is zero.
 *
 * @param scratch bytes that nobody will read again, page-aligned: never different.
 */
export function changedPages(memory: Uint8Array, base: Uint8Array, scratch: readonly Range[] = []): number[] {
  const bytes = Buffer.from(memory.buffer, memory.byteOffset, memory.length);
  const pages: number[] = [];
  for (let at = 0; at < bytes.length; at += pageLength) {
    if (scratch.some(({ start, end }) => at >= start && at < end)) continue;
    const [other, from] = at < base.length ? [base, at] : [zeros, 0];
    if (bytes.compare(other, from, from + pageLength, at, at + pageLength) !== 0) pages.push(at / pageLength);
  }
  return pages;
}

export const pageOf = (memory: Uint8Array, page: number): Uint8Array =>
  memory.subarray(page * pageLength, (page + 1) * pageLength);

/**
 * Adds the difference of two pages to `target`, and takes it away again: exclusive or. Of a changed page most bytes are
 * as they were, so that the difference is mostly zeros.
 *
 * @param base the memory whose page it is; beyond its end, zeros.
 */
export function exclusiveOr(target: Uint8Array, base: Uint8Array, page: number): void {
  const start = page * pageLength;
  if (start >= base.length) return;
  for (let i = 0; i < pageLength; i++) target[i]! ^= base[start + i]!;
}
