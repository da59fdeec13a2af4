/**
 * A runtime's description of itself, version 14: which bytes mean what in extrinsics and events. It comes from a node and
 * is believed only by its hash: another one could make a signed call another call.
 */
import { demand, ProofError } from "../proof/errors.ts";
import { metadataItemsMax, metadataLengthMax } from "../proof/limits.ts";
import { ScaleReader } from "../proof/scale.ts";
import { readOption, readText, readTexts, readTypes, type Types, type Variant } from "./types.ts";

export interface Pallet {
  readonly name: string;
  readonly index: number;
  readonly calls: number | undefined;
  readonly events: number | undefined;
  readonly errors: number | undefined;
}

/** What a transaction carries besides its call. */
export interface Extension {
  readonly name: string;
  readonly type: number;
  /** Of what is signed with it and not sent. */
  readonly signedType: number;
}

export interface Metadata {
  readonly types: Types;
  readonly pallets: readonly Pallet[];
  readonly extensions: readonly Extension[];
  /** Types of an extrinsic's parts, and of the list of a block's events. */
  readonly address: number;
  readonly signature: number;
  readonly call: number;
  readonly events: number;
}

const magic = 0x6174_656d;
const version = 14;

/** @throws ProofError "too-long", "metadata-malformed". */
export function decodeMetadata(bytes: Uint8Array): Metadata {
  demand(bytes.length <= metadataLengthMax, "too-long");
  const reader = new ScaleReader(bytes, "metadata-malformed");
  if (reader.u32() !== magic || reader.u8() !== version) throw reader.fail("no description of version 14");
  const types = readTypes(reader);
  let events: number | undefined;
  const pallets = reader.vector(metadataItemsMax, () => {
    const { pallet, storage } = readPallet(reader);
    if (pallet.name === "System") events = storage.get("Events");
    return pallet;
  });
  const extrinsic = reader.compact();
  reader.u8();
  const extensions = reader.vector(metadataItemsMax, () => ({
    name: readText(reader),
    type: reader.compact(),
    signedType: reader.compact(),
  }));
  reader.compact();
  reader.end();
  const parameters = types[extrinsic]?.parameters;
  const [address, call, signature] = ["Address", "Call", "Signature"].map((name) => parameters?.get(name));
  if (address === undefined || call === undefined || signature === undefined || events === undefined) {
    throw reader.fail("extrinsics or events that are described nowhere");
  }
  return { types, pallets, extensions, address, call, signature, events };
}

function readPallet(reader: ScaleReader): { readonly pallet: Pallet; readonly storage: ReadonlyMap<string, number> } {
  const name = readText(reader);
  const storage = readOption(reader, () => readStorage(reader)) ?? new Map<string, number>();
  const calls = readOption(reader, () => reader.compact());
  const events = readOption(reader, () => reader.compact());
  reader.vector(metadataItemsMax, () => {
    readText(reader);
    reader.compact();
    reader.prefixed();
    readTexts(reader);
  });
  const errors = readOption(reader, () => reader.compact());
  return { pallet: { name, calls, events, errors, index: reader.u8() }, storage };
}

/** Types of single values, by name; those of maps are of no use here. */
function readStorage(reader: ScaleReader): ReadonlyMap<string, number> {
  readText(reader);
  const plain = new Map<string, number>();
  reader.vector(metadataItemsMax, () => {
    const name = readText(reader);
    reader.u8();
    const map = reader.u8();
    if (map > 1) throw reader.fail("storage of no kind");
    if (map === 0) plain.set(name, reader.compact());
    else {
      reader.vector(metadataItemsMax, () => reader.u8());
      reader.compact();
      reader.compact();
    }
    reader.prefixed();
    readTexts(reader);
  });
  return plain;
}

/** The two bytes that stand for a call. @throws ProofError "metadata-malformed" if the runtime has no such call. */
export function callIndex({ types, pallets }: Metadata, palletName: string, callName: string): Uint8Array {
  const pallet = pallets.find(({ name }) => name === palletName);
  for (const [index, { name }] of variantsOf(types, pallet?.calls)) {
    if (name === callName) return Uint8Array.of(pallet!.index, index);
  }
  throw new ProofError("metadata-malformed", `no call ${palletName}.${callName}`);
}

/** Whether the runtime has such an event. */
export function hasEvent({ types, pallets }: Metadata, palletName: string, eventName: string): boolean {
  const pallet = pallets.find(({ name }) => name === palletName);
  return Array.from(variantsOf(types, pallet?.events).values()).some(({ name }) => name === eventName);
}

/** What a pallet calls one of its errors. Undefined for what the runtime does not describe. */
export function errorName({ types, pallets }: Metadata, palletIndex: number, error: number): string | undefined {
  const pallet = pallets.find(({ index }) => index === palletIndex);
  const name = variantsOf(types, pallet?.errors).get(error)?.name;
  return name && `${pallet!.name}.${name}`;
}

function variantsOf(types: Types, type: number | undefined): ReadonlyMap<number, Variant> {
  const form = type === undefined ? undefined : types[type]?.form;
  return form?.form === "variant" ? form.variants : new Map<number, Variant>();
}
