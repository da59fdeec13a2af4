/**
 * The fields of a remark: ASCII between "::", percent-encoded once where they hold free text. Each meaning has one
 * spelling but for the order of JSON members, so nothing is read here as one thing and elsewhere as another.
 */
import { asciiOf } from "../ascii.ts";
import { RmrkError } from "../errors.ts";
import { remarkLengthMax } from "../limits.ts";

const separator = "::";
const head = "RMRK";
const version = "2.0.0";

/** Fields behind the version: no interaction has more than four. */
const fieldsMax = 4;

export interface RawInteraction {
  readonly op: string;
  readonly fields: readonly string[];
}

/**
 * @throws RmrkError "not-rmrk", "version-unsupported", "too-long", "encoding-malformed" for bytes that are not printable
 *   ASCII, "fields-malformed".
 */
export function splitRemark(remark: Uint8Array): RawInteraction {
  if (!isRmrk(remark)) throw new RmrkError("not-rmrk");
  if (remark.length > remarkLengthMax) throw new RmrkError("too-long");
  const text = asciiOf(remark, 0x21, 0x7e);
  if (text === undefined) throw new RmrkError("encoding-malformed");
  const [, op, written, ...fields] = text.split(separator);
  if (op === undefined || written === undefined) throw new RmrkError("fields-malformed");
  if (written !== version) throw new RmrkError("version-unsupported");
  if (fields.length > fieldsMax) throw new RmrkError("fields-malformed");
  return { op, fields };
}

export const joinRemark = (op: string, fields: readonly string[]): string =>
  [head, op, version, ...fields].join(separator);

/** Whether a remark means to be an RMRK interaction; all others are somebody else's. */
export function isRmrk(remark: Uint8Array): boolean {
  const wanted = `${head}${separator}`;
  for (let i = 0; i < wanted.length; i++) if (remark[i] !== wanted.charCodeAt(i)) return false;
  return true;
}

/** Decodes free text exactly once. @throws RmrkError "encoding-malformed" for what `encodeText` would not have written. */
export function decodeText(field: string): string {
  let text: string;
  try {
    text = decodeURIComponent(field);
  } catch {
    throw new RmrkError("encoding-malformed");
  }
  if (encodeURIComponent(text) !== field) throw new RmrkError("encoding-malformed");
  return text;
}

/** @throws RmrkError "value-malformed" for a lone surrogate, which no byte sequence stands for. */
export function encodeText(text: string): string {
  if (!text.isWellFormed()) throw new RmrkError("value-malformed");
  return encodeURIComponent(text);
}
