/** A raw chain specification: the state that a chain begins with, and what it is called. */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { isRecord } from "#protocol/value.ts";
import { DevnetError } from "../errors.ts";
import { fromHex, keyOf, type StorageKey } from "../hex.ts";
import { specBytesMax } from "../limits.ts";

export interface ChainSpec {
  readonly name: string;
  readonly id: string;
  /** `ss58Format`, `tokenDecimals`, `tokenSymbol`, as clients read them. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly top: ReadonlyMap<StorageKey, Uint8Array>;
}

/** @param file JSON, or JSON packed by gzip. @throws DevnetError "spec-missing", "spec-malformed". */
export async function readSpec(file: string): Promise<ChainSpec> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new DevnetError("spec-missing", error instanceof Error ? error.message : file);
  }
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes, { maxOutputLength: specBytesMax });
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : "gzip");
  }
  return parseSpec(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"));
}

/** @throws DevnetError "spec-malformed". */
export function parseSpec(text: string): ChainSpec {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : "JSON");
  }
  if (!isRecord(json) || !isRecord(json["genesis"])) throw malformed("it has no genesis");
  const { name, id, genesis, properties } = json;
  if (typeof name !== "string" || typeof id !== "string") throw malformed("it has no name or no id");
  const raw = genesis["raw"];
  if (!isRecord(raw) || !isRecord(raw["top"])) throw malformed("it is not raw: see the option --raw of build-spec");
  const children = raw["childrenDefault"];
  if (isRecord(children) && Object.keys(children).length > 0)
    throw new DevnetError("runtime-unsupported", "child storage");
  const top = new Map<StorageKey, Uint8Array>();
  for (const [key, value] of Object.entries(raw["top"])) {
    const [keyBytes, valueBytes] = [fromHex(key), fromHex(value)];
    if (keyBytes === undefined || valueBytes === undefined) throw malformed(`an entry that is not hexadecimal: ${key}`);
    top.set(keyOf(keyBytes), valueBytes);
  }
  return { name, id, properties: isRecord(properties) ? properties : {}, top };
}

const malformed = (detail: string): DevnetError => new DevnetError("spec-malformed", detail);
