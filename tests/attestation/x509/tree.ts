/** DER as a tree that a test can change in one place; lengths follow. */
import { element } from "#enclave/platform/development/der.ts";

export interface Node {
  readonly tag: number;
  /** What stands before the children: the count of unused bits in a bit string. */
  readonly prefix: Uint8Array;
  readonly contents: Uint8Array | readonly Node[];
}

/** Opens strings whose contents are DER themselves. */
const strings = new Set([0x03, 0x04]);
const nothing = new Uint8Array(0);

export function parseTree(bytes: Uint8Array): readonly Node[] {
  const nodes: Node[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at]!;
    const first = bytes[at + 1]!;
    const sizeLength = first < 0x80 ? 0 : first & 0x7f;
    let length = sizeLength === 0 ? first : 0;
    for (let i = 0; i < sizeLength; i++) length = length * 256 + bytes[at + 2 + i]!;
    const start = at + 2 + sizeLength;
    at = start + length;
    if (!(at <= bytes.length)) throw new Error("not DER");
    nodes.push(nodeOf(tag, bytes.subarray(start, at)));
  }
  return nodes;
}

export const encodeTree = ({ tag, prefix, contents }: Node): Uint8Array =>
  element(tag, prefix, ...(contents instanceof Uint8Array ? [contents] : contents.map(encodeTree)));

/** Every tree that differs from this one by one element more at the end of one node. */
export function* lengthened(node: Node, extra: Node, skip: (node: Node) => boolean): Generator<Node> {
  const { contents } = node;
  if (contents instanceof Uint8Array || skip(node)) return;
  yield { ...node, contents: [...contents, extra] };
  for (const [i, child] of contents.entries()) {
    for (const changed of lengthened(child, extra, skip)) yield { ...node, contents: contents.with(i, changed) };
  }
}

function nodeOf(tag: number, bytes: Uint8Array): Node {
  if ((tag & 0x20) !== 0) return { tag, prefix: nothing, contents: parseTree(bytes) };
  if (strings.has(tag)) {
    const prefix = tag === 0x03 ? bytes.subarray(0, 1) : nothing;
    try {
      return { tag, prefix, contents: parseTree(bytes.subarray(prefix.length)) };
    } catch {
      // Not DER: a key, or bits.
    }
  }
  return { tag, prefix: nothing, contents: bytes };
}
