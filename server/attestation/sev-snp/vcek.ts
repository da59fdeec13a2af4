/**
 * What AMD certified about a processor's signing key: its product, its firmware's security versions, and the processor
 * itself. AMD publication 57230 "VCEK Certificate and KDS Interface Specification", section 3.1.
 */
import { bytesToHex, equalBytes } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import { isZero } from "../reader.ts";
import type { Certificate } from "../x509/certificate.ts";
import { DerReader, tags } from "../x509/der.ts";
import { generationOf } from "./product.ts";
import type { SnpReport } from "./report.ts";
import type { Generation } from "./tcb.ts";

export interface VcekExtensions {
  /** As certified: "Genoa-B1", "Turin". */
  readonly product: string;
  readonly generation: Generation;
  /** Security versions as the report spells them. */
  readonly tcb: Uint8Array;
  /** HWID: 64 bytes; since Turin 8. */
  readonly chip: Uint8Array;
}

/** 1.3.6.1.4.1.3704.1 */
const amd = "2b060104019c7801";
const code = "certificate-malformed";

/** Last arcs below 3704.1.3, in the order in which a report spells the versions that they are about. */
const orders: Readonly<Record<Generation, readonly number[]>> = {
  Milan: [1, 2, 4, 5, 6, 7, 3, 8],
  Genoa: [1, 2, 4, 5, 6, 7, 3, 8],
  Turin: [9, 1, 2, 3, 5, 6, 7, 8],
};

/** @throws AttestationError "certificate-role" without the extensions, "certificate-malformed", "evidence-unsupported". */
export function readVcek(vcek: Certificate): VcekExtensions {
  demand(vcek.extensions.has(`${amd}04`), "certificate-role", "not a VCEK");
  const structure = readNumber(vcek, "01");
  const product = readProduct(vcek);
  const generation = generationOf(product.replace(/-[A-Z][0-9]$/, ""));
  demand(structure === (generation === "Turin" ? 1 : 0), code, "structure version");
  const order = orders[generation];
  const tcb = Uint8Array.from(order, (arc) => {
    const version = readNumber(vcek, `03${bytesToHex(Uint8Array.of(arc))}`);
    demand(version <= 0xff, code, "security version");
    return version;
  });
  const known = 3 + order.length;
  const given = [...vcek.extensions.keys()].filter((oid) => oid.startsWith(amd)).length;
  demand(given === known, code, "another extension of AMD's");
  // AMD leaves out the DER of an OCTET STRING around the identifier.
  const chip = vcek.extensions.get(`${amd}04`)!.value;
  demand(chip.length === (generation === "Turin" ? 8 : 64) && !isZero(chip), code, "identifier of the processor");
  return { product, generation, tcb, chip };
}

/**
 * The certificate has to be about the processor that signed, with the versions that it reports. Since Turin the
 * processor's identifier has 8 bytes, and zeros fill the field.
 *
 * @throws AttestationError "collateral-mismatch".
 */
export function checkCertified({ tcb, chip }: VcekExtensions, report: SnpReport): void {
  const [id, rest] = [report.chipId.subarray(0, chip.length), report.chipId.subarray(chip.length)];
  demand(equalBytes(id, chip) && isZero(rest), "collateral-mismatch", "another processor");
  demand(equalBytes(report.reportedTcb, tcb), "collateral-mismatch", "other security versions");
}

function readProduct(vcek: Certificate): string {
  const outer = reader(vcek, "02");
  const contents = outer.contents(tags.ia5String);
  outer.end();
  const name = String.fromCharCode(...contents.subarray(0, 32));
  if (!/^[A-Z][A-Za-z0-9]{1,15}(?:-[A-Z][0-9])?$/.test(name)) outer.fail("product name");
  return name;
}

function readNumber(vcek: Certificate, arc: string): number {
  const outer = reader(vcek, arc);
  const value = outer.small();
  outer.end();
  return value;
}

function reader(vcek: Certificate, arc: string): DerReader {
  const extension = vcek.extensions.get(amd + arc);
  demand(extension !== undefined, code, `VCEK lacks ${arc}`);
  return new DerReader(extension.value, code);
}
