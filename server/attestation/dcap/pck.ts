/**
 * What a machine's PCK certificate says about it: Intel's own extension.
 * Intel "SGX PCK Certificate and Certificate Revocation List Profile Specification", section 1.3.5.
 */
import { demand } from "../errors.ts";
import type { Certificate } from "../x509/certificate.ts";
import { DerReader, tags } from "../x509/der.ts";

export interface PckExtension {
  /** The machine: 16 bytes. */
  readonly ppid: Uint8Array;
  /** 16 security versions, as TCB levels compare them. */
  readonly cpuSvn: Uint8Array;
  readonly pceSvn: number;
  readonly pceId: Uint8Array;
  /** The model of machine: 6 bytes. */
  readonly fmspc: Uint8Array;
}

/** 1.2.840.113741.1.13.1 */
export const sgxExtensionOid = "2a864886f84d010d01";

const code = "certificate-malformed";

/** @throws AttestationError "certificate-role" without the extension, "certificate-malformed". */
export function readPckExtension(pck: Certificate): PckExtension {
  const extension = pck.extensions.get(sgxExtensionOid);
  demand(extension !== undefined, "certificate-role", "not a PCK certificate");
  const outer = new DerReader(extension.value, code);
  const entries = readEntries(outer, sgxExtensionOid);
  outer.end();
  return {
    ppid: octets(entries, "01", 16),
    ...readTcb(entry(entries, "02")),
    pceId: octets(entries, "03", 2),
    fmspc: octets(entries, "04", 6),
  };
}

/** 1.2.840.113741.1.13.1.2: sixteen component versions (.1 to .16), PCESVN (.17), CPUSVN (.18). */
function readTcb(reader: DerReader): Pick<PckExtension, "cpuSvn" | "pceSvn"> {
  const entries = readEntries(reader, `${sgxExtensionOid}02`);
  reader.end();
  const cpuSvn = new Uint8Array(16);
  for (let i = 0; i < 16; i++) cpuSvn[i] = small(entries, byteOf(i + 1), 0xff);
  octets(entries, byteOf(18), 16);
  return { cpuSvn, pceSvn: small(entries, byteOf(17), 0xffff) };
}

/** SEQUENCE OF SEQUENCE { id, value } where each id is the prefix and one byte more. */
function readEntries(reader: DerReader, prefix: string): ReadonlyMap<string, DerReader> {
  const entries = new Map<string, DerReader>();
  const sequence = reader.inside(tags.sequence);
  while (!sequence.done) {
    const pair = sequence.inside(tags.sequence);
    const oid = pair.oid();
    const last = oid.slice(prefix.length);
    if (!oid.startsWith(prefix) || last.length !== 2 || entries.has(last)) pair.fail("SGX extension");
    entries.set(last, pair);
  }
  return entries;
}

function entry(entries: ReadonlyMap<string, DerReader>, last: string): DerReader {
  const reader = entries.get(last);
  demand(reader !== undefined, code, `SGX extension lacks ${last}`);
  return reader;
}

function octets(entries: ReadonlyMap<string, DerReader>, last: string, length: number): Uint8Array {
  const reader = entry(entries, last);
  const contents = reader.contents(tags.octetString);
  reader.end();
  if (contents.length !== length) reader.fail("SGX extension");
  return contents;
}

function small(entries: ReadonlyMap<string, DerReader>, last: string, max: number): number {
  const reader = entry(entries, last);
  const value = reader.small();
  reader.end();
  if (value > max) reader.fail("SGX extension");
  return value;
}

const byteOf = (value: number): string => value.toString(16).padStart(2, "0");
