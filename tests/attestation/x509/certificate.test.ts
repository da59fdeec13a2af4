/** Certificates and lists: read as others read them, and refused where they have more than one reading. */
import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { intelRoot, intelRootFingerprint } from "#attestation/intel-root.ts";
import { keyUsages, parseCertificate } from "#attestation/x509/certificate.ts";
import { parseCrl } from "#attestation/x509/crl.ts";
import { DerReader, tags } from "#attestation/x509/der.ts";
import { type CertificateTemplate, issueCertificate, issueCrl } from "#enclave/platform/development/certificates.ts";
import { bits, element, octets, oid, sequence, small, truth } from "#enclave/platform/development/der.ts";
import { now, pki } from "../forge.ts";
import { encodeTree, lengthened, type Node, parseTree } from "./tree.ts";

test("Intel's root is the one whose fingerprint is published", () => {
  const independent = new X509Certificate(intelRoot);
  expect(independent.fingerprint256.replaceAll(":", "").toLowerCase()).toBe(intelRootFingerprint);
  expect(independent.verify(independent.publicKey)).toBe(true);
  const ours = parseCertificate(intelRoot);
  expect(ours).toMatchObject({ ca: true, pathLength: 1, usage: keyUsages.keyCertSign | keyUsages.crlSign });
  expect(ours.serial).toBe(independent.serialNumber.toLowerCase());
  expect(ours.notAfter * 1000).toBe(Date.parse(independent.validTo));
});

test("another implementation reads and verifies what the development PKI issues", () => {
  const read = (holder: { certificate: Uint8Array }) => new X509Certificate(holder.certificate);
  const [root, pckCa, pck, signer] = [pki.root, pki.pckCa, pki.pck, pki.tcbSigner].map(read) as [
    X509Certificate,
    X509Certificate,
    X509Certificate,
    X509Certificate,
  ];
  expect(root.verify(root.publicKey)).toBe(true);
  expect(pckCa.verify(root.publicKey) && pckCa.checkIssued(root)).toBe(true);
  expect(pck.verify(pckCa.publicKey) && pck.checkIssued(pckCa)).toBe(true);
  expect(signer.verify(root.publicKey) && signer.checkIssued(root)).toBe(true);
  expect([root.ca, pckCa.ca, pck.ca, signer.ca]).toEqual([true, true, false, false]);
  for (const certificate of [root, pckCa, pck, signer]) expect(certificate.subject).toContain("DEVELOPMENT ONLY");
  expect(pck.serialNumber.toLowerCase()).toBe(parseCertificate(pki.pck.certificate).serial);
});

const certificate = (change: Partial<CertificateTemplate>) =>
  issueCertificate({ ...pki.pck.template, ...change }, pki.pckCa.key);
const malformed = expect.objectContaining({ name: "AttestationError", code: "certificate-malformed" });
const splice = (bytes: Uint8Array, from: string, to: string) =>
  Uint8Array.from(Buffer.from(Buffer.from(bytes).toString("hex").replace(from, to), "hex"));

test("an unknown critical extension is refused, an unknown one is not", () => {
  const plain = certificate({ extensions: [["2b06", sequence(truth())]] });
  expect(parseCertificate(plain).extensions.has("2b06")).toBe(true);
  // 2.5.29.30, name constraints, in place of key usage: critical, and not processed here.
  expect(() => parseCertificate(splice(plain, "0603551d0f", "0603551d1e"))).toThrow(malformed);
});

const twice = ["2b06", sequence()] as const;

test.for([
  ["an extension twice", certificate({ extensions: [twice, twice] })],
  ["a name that is not ASCII", certificate({ subject: "Développement" })],
  ["a serial number of zero", certificate({ serial: new Uint8Array(4) })],
  ["a serial number of 21 bytes", certificate({ serial: new Uint8Array(21).fill(0x11) })],
  ["bytes after the certificate", Uint8Array.of(...pki.pck.certificate, 0)],
  ["bytes missing", pki.pck.certificate.subarray(0, -1)],
  ["another signature algorithm", splice(pki.pck.certificate, "06082a8648ce3d040302", "06082a8648ce3d040303")],
  ["another curve", splice(pki.pck.certificate, "2a8648ce3d030107", "2a8648ce3d030106")],
  ["a compressed point", splice(pki.pck.certificate, "03420004", "03420002")],
  ["version 2", splice(pki.pck.certificate, "a003020102", "a003020101")],
  ["a month that does not exist", splice(pki.pck.certificate, "323530313031", "323531333031")],
  ["more than 4 KiB", certificate({ extensions: [["2b06", octets(new Uint8Array(4000))]] })],
] as const)("refused: %s", ([, der]) => {
  expect(() => parseCertificate(der)).toThrow(malformed);
});

const [tree] = parseTree(pki.pckCa.certificate) as [Node];
const nothing: Node = { tag: 0x05, prefix: new Uint8Array(0), contents: new Uint8Array(0) };

/** Whether a node is an extension with this object identifier. */
const isExtension = (node: Node, ...ids: string[]): boolean => {
  if (node.contents instanceof Uint8Array || node.tag !== tags.sequence) return false;
  const [first] = node.contents;
  return first?.tag === tags.oid && ids.includes(Buffer.from(first.contents as Uint8Array).toString("hex"));
};
/** Key identifiers are hints for searching, and nothing is searched for here. */
const isKeyIdentifier = (node: Node): boolean => isExtension(node, "551d0e", "551d23");
/** A list's number and its reasons are not read: its end makes it old, and withdrawn is withdrawn. */
const isUnread = (node: Node): boolean => isKeyIdentifier(node) || isExtension(node, "551d14", "551d15");

test("there is no place in a certificate for one element more", () => {
  expect(encodeTree(tree)).toEqual(pki.pckCa.certificate);
  const longer = [...lengthened(tree, nothing, isKeyIdentifier)];
  expect(longer.length).toBeGreaterThan(25);
  for (const changed of longer) expect(() => parseCertificate(encodeTree(changed))).toThrow(malformed);
});

const withChildren = (node: Node, change: (child: Node) => Node): Node =>
  node.contents instanceof Uint8Array ? node : { ...node, contents: node.contents.map(change) };

test("a certificate that is no CA has no path length", () => {
  const withConstraints = (node: Node, constraints: Uint8Array): Node => {
    if (node.contents instanceof Uint8Array) return node;
    if (!isExtension(node, "551d13")) {
      return { ...node, contents: node.contents.map((child) => withConstraints(child, constraints)) };
    }
    return { ...node, contents: [...node.contents.slice(0, -1), parseTree(octets(constraints))[0]!] };
  };
  const read = (constraints: Uint8Array) => parseCertificate(encodeTree(withConstraints(tree, constraints)));
  expect(read(sequence(truth()))).toMatchObject({ ca: true, pathLength: undefined });
  expect(read(sequence())).toMatchObject({ ca: false });
  expect(() => read(sequence(small(0)))).toThrow(malformed);
});

const list = (revoked: readonly Uint8Array[]) =>
  issueCrl({ issuer: "Someone", thisUpdate: now, nextUpdate: now + 1, revoked }, pki.root.key);

test("a list names what it withdraws, and one that withdraws nothing says nothing", () => {
  const serials = [pki.pck.template.serial, Uint8Array.of(0x80, 1)];
  expect(parseCrl(list(serials))).toMatchObject({ thisUpdate: now, nextUpdate: now + 1 });
  expect([...parseCrl(list(serials)).revoked]).toEqual([parseCertificate(pki.pck.certificate).serial, "8001"]);
  expect(parseCrl(list([])).revoked.size).toBe(0);
});

test("there is no place in a list for one element more", () => {
  const [whole] = parseTree(list([Uint8Array.of(1)])) as [Node];
  const longer = [...lengthened(whole, nothing, isUnread)];
  expect(longer.length).toBeGreaterThan(12);
  for (const changed of longer) {
    expect(() => parseCrl(encodeTree(changed))).toThrow(expect.objectContaining({ code: "crl-malformed" }));
  }
});

test("an empty list of extensions or of entries is written as none at all", () => {
  const emptied = (node: Node): Node =>
    node.tag === tags.context3 ? { ...node, contents: [{ ...tree, contents: [] }] } : withChildren(node, emptied);
  expect(() => parseCertificate(encodeTree(emptied(tree)))).toThrow(malformed);

  const [empty] = parseTree(list([])) as [Node];
  const [full] = parseTree(list([Uint8Array.of(1)])) as [Node];
  const [signed] = empty.contents as readonly Node[];
  expect((full.contents[0] as Node).contents).toHaveLength(signed!.contents.length + 1);
  const contents = (signed!.contents as readonly Node[]).toSpliced(-1, 0, { ...tree, contents: [] });
  const changed = { ...empty, contents: [{ ...signed!, contents }, ...(empty.contents as readonly Node[]).slice(1)] };
  expect(() => parseCrl(encodeTree(changed))).toThrow(expect.objectContaining({ code: "crl-malformed" }));
});

test("a name with an attribute twice is refused", () => {
  let done = false;
  const doubled = (node: Node): Node => {
    if (done || node.contents instanceof Uint8Array) return node;
    const [first] = node.contents;
    if (first?.tag !== tags.set) return withChildren(node, doubled);
    done = true;
    return { ...node, contents: [first, ...node.contents] };
  };
  expect(() => parseCertificate(encodeTree(doubled(tree)))).toThrow(malformed);
});

test("a signature whose numbers do not fit the curve is refused", () => {
  const signature = sequence(element(tags.integer, new Uint8Array(33).fill(1)), small(1));
  const outer = new DerReader(pki.pck.certificate, "certificate-malformed").inside(tags.sequence);
  const parts = [tags.sequence, tags.sequence].map((tag) => outer.element(tag).whole);
  expect(() => parseCertificate(sequence(...parts, bits(signature)))).toThrow(malformed);
});

test("bytes after a list are refused", () => {
  expect(() => parseCrl(Uint8Array.of(...list([]), 0))).toThrow(expect.objectContaining({ code: "crl-malformed" }));
});

test("a list of more than 16 KiB is refused, a large one is not", () => {
  const serials = (count: number) => Array.from({ length: count }, (_, i) => Uint8Array.of(1, i >> 8, i & 0xff));
  expect(parseCrl(list(serials(300))).revoked.size).toBe(300);
  expect(() => parseCrl(list(serials(1000)))).toThrow(expect.objectContaining({ code: "crl-malformed" }));
});

test("a list that is only a part of one is refused", () => {
  const outer = new DerReader(list([]), "crl-malformed").inside(tags.sequence);
  const signed = outer.inside(tags.sequence);
  const head = [tags.integer, tags.sequence, tags.sequence, tags.utcTime, tags.utcTime].map(
    (tag) => signed.element(tag).whole,
  );
  const rest = [tags.sequence, tags.bitString].map((tag) => outer.element(tag).whole);
  const withExtension = (...critical: Uint8Array[]) => {
    // 2.5.29.27, the delta list indicator.
    const extension = sequence(oid("551d1b"), ...critical, octets(small(1)));
    return sequence(sequence(...head, element(tags.context0, sequence(extension))), ...rest);
  };
  expect(parseCrl(withExtension()).revoked.size).toBe(0);
  expect(() => parseCrl(withExtension(truth()))).toThrow(expect.objectContaining({ code: "crl-malformed" }));
});
