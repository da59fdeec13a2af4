/** Where each field of a quote stands, by the tables of Intel's documents rather than by our decoder. */
import type { Shape } from "../forge.ts";

export interface Field {
  readonly name: string;
  readonly at: number;
  readonly length: number;
}

type Entry = readonly [name: string, length: number];

const header: readonly Entry[] = [
  ["version", 2],
  ["attestation key type", 2],
  ["TEE type", 4],
  ["security versions", 4],
  ["vendor of the quoting enclave", 16],
  ["user data", 20],
];

const td10: readonly Entry[] = [
  ["TEE_TCB_SVN", 16],
  ["MRSEAM", 48],
  ["MRSIGNERSEAM", 48],
  ["SEAMATTRIBUTES", 8],
  ["TDATTRIBUTES", 8],
  ["XFAM", 8],
  ["MRTD", 48],
  ["MRCONFIGID", 48],
  ["MROWNER", 48],
  ["MROWNERCONFIG", 48],
  ["RTMR0", 48],
  ["RTMR1", 48],
  ["RTMR2", 48],
  ["RTMR3", 48],
  ["REPORTDATA", 64],
];

const td15: readonly Entry[] = [...td10, ["TEE_TCB_SVN_2", 16], ["MRSERVICETD", 48]];

const enclave: readonly Entry[] = [
  ["CPUSVN", 16],
  ["MISCSELECT", 4],
  ["first reserved field", 12],
  ["ISVEXTPRODID", 16],
  ["ATTRIBUTES", 16],
  ["MRENCLAVE", 32],
  ["second reserved field", 32],
  ["MRSIGNER", 32],
  ["third reserved field", 32],
  ["CONFIGID", 64],
  ["ISVPRODID", 2],
  ["ISVSVN", 2],
  ["CONFIGSVN", 2],
  ["fourth reserved field", 42],
  ["ISVFAMILYID", 16],
  ["REPORTDATA", 64],
];

const named = (prefix: string, entries: readonly Entry[]): readonly Entry[] =>
  entries.map(([name, length]) => [`${prefix}${name}`, length]);

const body: readonly Entry[] = [
  ["body type", 2],
  ["body size", 4],
];

const signature: readonly Entry[] = [
  ["size of the authentication data", 4],
  ["signature", 64],
  ["attestation key", 64],
];

const wrapper: readonly Entry[] = [
  ["certification data type", 2],
  ["certification data size", 4],
];

const certification: readonly Entry[] = [
  ...named("QE report's ", enclave),
  ["QE report's signature", 64],
  ["size of the QE's authentication data", 2],
  ["QE's authentication data", 32],
  ["type of the PCK's certification data", 2],
  ["size of the PCK's certification data", 4],
  ["PCK chain", 64],
];

const layouts: Readonly<Record<Shape, readonly Entry[]>> = {
  tdx4: [...header, ...td10, ...signature, ...wrapper, ...certification],
  tdx5: [...header, ...body, ...td10, ...signature, ...wrapper, ...certification],
  "tdx5-later": [...header, ...body, ...td15, ...signature, ...wrapper, ...certification],
  sgx3: [...header, ...enclave, ...signature, ...certification],
};

/** The last field is only the beginning of the PCK chain. */
export function fieldsOf(shape: Shape): readonly Field[] {
  let at = 0;
  return layouts[shape].map(([name, length]) => {
    const field = { name, at, length };
    at += length;
    return field;
  });
}

/** @throws Error if there is no such field: the corpus is wrong then. */
export function fieldOf(shape: Shape, name: string): Field {
  const field = fieldsOf(shape).find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`${shape} has no field ${name}`);
  return field;
}
