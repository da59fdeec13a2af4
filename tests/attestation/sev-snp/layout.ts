/** Where each field of a report stands, by AMD's table ATTESTATION_REPORT rather than by our decoder. */
import { concatBytes } from "#protocol/bytes.ts";
import type { Field } from "../corpus/layout.ts";

const table = [
  ["VERSION", 4],
  ["GUEST_SVN", 4],
  ["POLICY", 8],
  ["FAMILY_ID", 16],
  ["IMAGE_ID", 16],
  ["VMPL", 4],
  ["SIGNATURE_ALGO", 4],
  ["CURRENT_TCB", 8],
  ["PLATFORM_INFO", 8],
  ["KEY_INFO", 4],
  ["first reserved field", 4],
  ["REPORT_DATA", 64],
  ["MEASUREMENT", 48],
  ["HOST_DATA", 32],
  ["ID_KEY_DIGEST", 48],
  ["AUTHOR_KEY_DIGEST", 48],
  ["REPORT_ID", 32],
  ["REPORT_ID_MA", 32],
  ["REPORTED_TCB", 8],
  ["CPUID", 3],
  ["second reserved field", 21],
  ["CHIP_ID", 64],
  ["COMMITTED_TCB", 8],
  ["CURRENT_VERSION", 4],
  ["COMMITTED_VERSION", 4],
  ["LAUNCH_TCB", 8],
  ["LAUNCH_MIT_VECTOR", 8],
  ["CURRENT_MIT_VECTOR", 8],
  ["third reserved field", 152],
  ["R", 72],
  ["S", 72],
  ["fourth reserved field", 368],
] as const;

export type FieldName = (typeof table)[number][0];

export const reportFields: readonly (Field & { readonly name: FieldName })[] = (() => {
  let at = 0;
  return table.map(([name, length]) => {
    const field = { name, at, length };
    at += length;
    return field;
  });
})();

/** The part that is signed ends where the signature begins. */
export const signedLength = 0x2a0;

/** Fields that are not given are zero; what is shorter than its field is filled up with zeros. */
export const encodeReport = (values: Partial<Record<FieldName, Uint8Array>>): Uint8Array =>
  concatBytes(
    ...reportFields.map(({ name, length }) => {
      const bytes = new Uint8Array(length);
      bytes.set(values[name] ?? []);
      return bytes;
    }),
  );
