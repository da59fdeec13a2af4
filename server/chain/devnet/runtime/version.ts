/** What a runtime says about itself: its names, versions and the interfaces it has. */
import { blake2b } from "@noble/hashes/blake2.js";
import { utf8ToBytes } from "#protocol/bytes.ts";
import { toHex } from "../hex.ts";
import { ScaleReader } from "../scale.ts";
import type { StateVersion } from "../trie/node.ts";

export interface RuntimeVersion {
  readonly specName: string;
  readonly implName: string;
  readonly authoringVersion: number;
  readonly specVersion: number;
  readonly implVersion: number;
  /** Ids of interfaces, as `interfaceId` makes them, with their versions. */
  readonly apis: readonly (readonly [string, number])[];
  readonly transactionVersion: number;
  readonly stateVersion: StateVersion;
}

/** Fields were added with versions 3 and 4 of the interface `Core`. @throws ScaleError. */
export function decodeRuntimeVersion(bytes: Uint8Array): RuntimeVersion {
  const reader = new ScaleReader(bytes);
  const names = { specName: reader.text(), implName: reader.text() };
  const versions = { authoringVersion: reader.u32(), specVersion: reader.u32(), implVersion: reader.u32() };
  const apis = reader.vector(() => [toHex(reader.take(8)), reader.u32()] as const);
  const core = versionIn(apis, "Core") ?? 0;
  const transactionVersion = core >= 3 ? reader.u32() : 1;
  const stateVersion = core >= 4 && reader.u8() === 1 ? 1 : 0;
  return { ...names, ...versions, apis, transactionVersion, stateVersion };
}

export const interfaceId = (name: string): string => toHex(blake2b(utf8ToBytes(name), { dkLen: 8 }));

/** Undefined if the runtime has no such interface. */
export function versionIn(apis: RuntimeVersion["apis"], name: string): number | undefined {
  const id = interfaceId(name);
  return apis.find(([other]) => other === id)?.[1];
}
