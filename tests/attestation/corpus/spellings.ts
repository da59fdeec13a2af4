/** Other spellings of something in DER, and damage to it: each must be refused before any signature is looked at. */
import { concatBytes, hexToBytes } from "#protocol/bytes.ts";
import { element, oid, octets, sequence, truth } from "#enclave/platform/development/der.ts";
import { encodeTree, type Node, parseTree } from "../x509/tree.ts";

type Spelling = readonly [name: string, der: Uint8Array];

const nothing = new Uint8Array(0);
const isNode = (contents: Node["contents"]): contents is readonly Node[] => !(contents instanceof Uint8Array);

/** The first node for which `change` returns something, replaced by it. */
function once(root: Node, change: (node: Node) => Node | undefined): Uint8Array {
  let done = false;
  const visit = (node: Node): Node => {
    const changed = done ? undefined : change(node);
    if (changed !== undefined) {
      done = true;
      return changed;
    }
    return isNode(node.contents) ? { ...node, contents: node.contents.map(visit) } : node;
  };
  const changed = encodeTree(visit(root));
  if (!done) throw new Error("there is nothing of this kind to change");
  return changed;
}

const isOid = (node: Node | undefined, hex: string): boolean => {
  const contents = hexToBytes(hex);
  return (
    node !== undefined &&
    node.tag === 0x06 &&
    !isNode(node.contents) &&
    node.contents.length === contents.length &&
    node.contents.every((byte, i) => byte === contents[i])
  );
};

const replaced = (root: Node, from: string, to: string): Uint8Array =>
  once(root, (node) => (isOid(node, from) ? { ...node, contents: hexToBytes(to) } : undefined));

/** What certificates and lists have in common. */
export function commonSpellings(der: Uint8Array): readonly Spelling[] {
  const [root] = parseTree(der) as [Node];
  const contents = der.subarray(4);
  return [
    ["no bytes", nothing],
    ["its last byte missing", der.subarray(0, -1)],
    ["only its first half", der.subarray(0, der.length >> 1)],
    ["a byte more", concatBytes(der, Uint8Array.of(0))],
    ["itself behind it", concatBytes(der, der)],
    ["a length in three bytes", concatBytes(hexToBytes("308300"), der.subarray(2))],
    ["an indefinite length", concatBytes(hexToBytes("3080"), contents, hexToBytes("0000"))],
    ["another tag", concatBytes(Uint8Array.of(0x31), der.subarray(1))],
    [
      "a time in seconds only",
      once(root, (node) => (node.tag === 0x17 ? { ...node, contents: bytes("1") } : undefined)),
    ],
    [
      "a time zone",
      once(root, (node) => (node.tag === 0x17 ? { ...node, contents: bytes("2601010000+0000") } : undefined)),
    ],
    [
      "a month that does not exist",
      once(root, (node) => (node.tag === 0x17 ? { ...node, contents: bytes("261301000000Z") } : undefined)),
    ],
    ["SHA-384 for its signature", replaced(root, "2a8648ce3d040302", "2a8648ce3d040303")],
    [
      "a name that is not ASCII",
      once(root, (node) => (node.tag === 0x0c ? { ...node, contents: hexToBytes("c3a9") } : undefined)),
    ],
    ["a name in another character set", once(root, (node) => (node.tag === 0x0c ? { ...node, tag: 0x14 } : undefined))],
    [
      "an unknown critical extension",
      once(root, (node) =>
        isExtensions(node) ? with1(node, sequence(oid("551d1e"), truth(), octets(nothing))) : undefined,
      ),
    ],
    [
      "an extension twice",
      once(root, (node) => (isExtensions(node) ? { ...node, contents: doubled(node) } : undefined)),
    ],
    ["a boolean that is nearly true", once(root, (node) => (isExtensions(node) ? with1(node, falsely) : undefined))],
    ["no signature", once(root, (node) => (node === signatureOf(root) ? { ...node, contents: nothing } : undefined))],
    [
      "a negative signature",
      once(root, (node) =>
        node === signatureOf(root)
          ? { ...node, prefix: nothing, contents: hexToBytes("003006020180020101") }
          : undefined,
      ),
    ],
    [
      "a signature of 33 bytes",
      once(root, (node) => (node === signatureOf(root) ? { ...node, prefix: nothing, contents: tooLarge } : undefined)),
    ],
  ];
}

/** Certificates only. */
export function spellings(der: Uint8Array): readonly Spelling[] {
  const [root] = parseTree(der) as [Node];
  const version = (node: Node): boolean => node.tag === 0xa0 && isNode(node.contents);
  return [
    ...commonSpellings(der),
    ["version 2", once(root, (node) => (version(node) ? with0(node, hexToBytes("020101")) : undefined))],
    ["a key on another curve", replaced(root, "2a8648ce3d030107", "2b81040022")],
    ["a key for RSA", replaced(root, "2a8648ce3d0201", "2a864886f70d010101")],
    [
      "a compressed key",
      once(root, (node) =>
        node.tag === 0x03 && !isNode(node.contents) && node.contents.length === 66
          ? { ...node, contents: concatBytes(hexToBytes("0002"), node.contents.subarray(2, 34)) }
          : undefined,
      ),
    ],
    [
      "a serial number with a needless zero",
      once(root, (node) =>
        node.tag === 0x02 && !isNode(node.contents) && node.contents.length === 16
          ? { ...node, contents: concatBytes(Uint8Array.of(0), node.contents) }
          : undefined,
      ),
    ],
    [
      "a negative serial number",
      once(root, (node) =>
        node.tag === 0x02 && !isNode(node.contents) && node.contents.length === 16
          ? { ...node, contents: concatBytes(Uint8Array.of(0x80), node.contents.subarray(1)) }
          : undefined,
      ),
    ],
    [
      "more than 4 KiB",
      once(root, (node) =>
        isExtensions(node) ? with1(node, sequence(oid("2b06"), octets(new Uint8Array(4000)))) : undefined,
      ),
    ],
  ];
}

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const falsely = sequence(oid("2b06"), element(0x01, Uint8Array.of(1)), octets(nothing));
const tooLarge = concatBytes(
  Uint8Array.of(0),
  sequence(element(0x02, new Uint8Array(33).fill(1)), element(0x02, Uint8Array.of(1))),
);

/** The SEQUENCE OF extensions: its first child begins with one of the id-ce identifiers. */
function isExtensions(node: Node): boolean {
  if (node.tag !== 0x30 || !isNode(node.contents)) return false;
  const [first] = node.contents;
  if (first === undefined || first.tag !== 0x30 || !isNode(first.contents)) return false;
  const [id] = first.contents;
  return (
    id !== undefined && id.tag === 0x06 && !isNode(id.contents) && id.contents[0] === 0x55 && id.contents[1] === 0x1d
  );
}

const with1 = (node: Node, extra: Uint8Array): Node => ({
  ...node,
  contents: [...(node.contents as readonly Node[]), { tag: extra[0]!, prefix: nothing, contents: contentsOf(extra) }],
});
const with0 = (node: Node, only: Uint8Array): Node => ({ ...node, contents: parseTree(only) });
const doubled = (node: Node): readonly Node[] => {
  const contents = node.contents as readonly Node[];
  return [contents[0]!, ...contents];
};
const signatureOf = (root: Node): Node => (root.contents as readonly Node[]).at(-1)!;

function contentsOf(der: Uint8Array): Uint8Array {
  const first = der[1]!;
  return der.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f));
}
