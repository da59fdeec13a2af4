/** Intel's extension in a machine's certificate is read strictly: every entry once, each of its length, nothing beyond. */
import { expect, test } from "vitest";
import { readPckExtension, sgxExtensionOid } from "#attestation/dcap/pck.ts";
import { parseCertificate } from "#attestation/x509/certificate.ts";
import { issueCertificate } from "#enclave/platform/development/certificates.ts";
import { octets, oid, sequence, small } from "#enclave/platform/development/der.ts";
import { pki } from "./forge.ts";

const entry = (id: string, value: Uint8Array, ...more: Uint8Array[]) =>
  sequence(oid(`${sgxExtensionOid}${id}`), value, ...more);
const byte = (value: number) => value.toString(16).padStart(2, "0");

const component = (i: number, value = small(i)) => entry(`02${byte(i)}`, value);
const components = Array.from({ length: 16 }, (_, i) => component(i + 1));
const pceSvn = entry("0211", small(300));
const cpuSvn = entry("0212", octets(new Uint8Array(16)));
const ppid = entry("01", octets(new Uint8Array(16).fill(1)));
const tcb = entry("02", sequence(...components, pceSvn, cpuSvn));
const pceId = entry("03", octets(Uint8Array.of(0, 7)));
const fmspc = entry("04", octets(new Uint8Array(6).fill(4)));

const read = (value: Uint8Array) =>
  readPckExtension(
    parseCertificate(issueCertificate({ ...pki.pck.template, extensions: [[sgxExtensionOid, value]] }, pki.pckCa.key)),
  );

test("every entry is read from its own place", () => {
  expect(read(sequence(ppid, tcb, pceId, fmspc))).toEqual({
    ppid: new Uint8Array(16).fill(1),
    cpuSvn: new Uint8Array(16).map((_, i) => i + 1),
    pceSvn: 300,
    pceId: Uint8Array.of(0, 7),
    fmspc: new Uint8Array(6).fill(4),
  });
});

test("the order of entries does not matter, and entries that we do not need do not either", () => {
  const instance = entry("06", octets(new Uint8Array(16)));
  expect(read(sequence(fmspc, pceId, instance, tcb, ppid)).pceSvn).toBe(300);
});

const withTcb = (...entries: Uint8Array[]) => sequence(ppid, entry("02", sequence(...entries)), pceId, fmspc);

test.for([
  ["no machine", sequence(tcb, pceId, fmspc)],
  ["no model", sequence(ppid, tcb, pceId)],
  ["a machine twice", sequence(ppid, ppid, tcb, pceId, fmspc)],
  ["a machine of 15 bytes", sequence(entry("01", octets(new Uint8Array(15))), tcb, pceId, fmspc)],
  ["a number instead of bytes", sequence(entry("01", small(1)), tcb, pceId, fmspc)],
  ["two values for one entry", sequence(entry("01", octets(new Uint8Array(16)), small(1)), tcb, pceId, fmspc)],
  ["an entry of somebody else", sequence(ppid, tcb, pceId, fmspc, sequence(oid("2b0601"), small(1)))],
  ["an entry that is nested too deep", sequence(ppid, tcb, pceId, fmspc, entry("0501", small(1)))],
  ["bytes after the extension", Uint8Array.of(...sequence(ppid, tcb, pceId, fmspc), 5, 0)],
  ["fifteen components", withTcb(...components.slice(1), pceSvn, cpuSvn)],
  ["a component beyond a byte", withTcb(component(1, small(256)), ...components.slice(1), pceSvn, cpuSvn)],
  ["two numbers for one component", withTcb(entry("0201", small(1), small(2)), ...components.slice(1), pceSvn, cpuSvn)],
  ["a PCE version beyond two bytes", withTcb(...components, entry("0211", small(0x1_0000)), cpuSvn)],
  ["no CPUSVN", withTcb(...components, pceSvn)],
  [
    "versions and something more",
    sequence(ppid, entry("02", sequence(...components, pceSvn, cpuSvn), small(1)), pceId, fmspc),
  ],
] as const)("refused: %s", ([, value]) => {
  expect(() => read(value)).toThrow(expect.objectContaining({ code: "certificate-malformed" }));
});
