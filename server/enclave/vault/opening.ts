/**
 * What an opening record says: which rules a room is played by from here on, and with which randomness it began.
 *
 * Bytes: the MessagePack map `{ contract, options, listed, seed }`, and `reveal: true` in rooms whose log may be revealed.
 */
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import type { RoomOptions } from "#protocol/manifest.ts";
import { isRecord } from "#protocol/value.ts";
import { VaultError } from "./errors.ts";

export interface Opening {
  /** Contract hash, 32 bytes. */
  readonly contract: Uint8Array;
  readonly options: RoomOptions;
  /** Whether the lobby may list the room. */
  readonly listed: boolean;
  /** The room's first randomness, 32 bytes; the same in all openings of a room. */
  readonly seed: Uint8Array;
  /** Whether the log is revealed when the rules have ended the room. */
  readonly reveal?: true;
}

export const encodeOpening = ({ contract, options, listed, seed, reveal }: Opening): Uint8Array =>
  encodeMsgpack({ contract, options, listed, seed, ...(reveal === undefined ? {} : { reveal }) });

/** @throws VaultError "damaged". */
export function decodeOpening(bytes: Uint8Array): Opening {
  const value = read(bytes);
  if (!isRecord(value)) throw damaged();
  const { contract, options, listed, seed, reveal } = value;
  if (!isBytes32(contract) || !isBytes32(seed) || typeof listed !== "boolean" || !isRecord(options)) throw damaged();
  if (reveal !== undefined && reveal !== true) throw damaged();
  const chosen: Record<string, string> = {};
  for (const [name, choice] of Object.entries(options)) {
    if (typeof choice !== "string") throw damaged();
    chosen[name] = choice;
  }
  return { contract, options: chosen, listed, seed, ...(reveal === undefined ? {} : { reveal }) };
}

function read(bytes: Uint8Array): unknown {
  try {
    return decodeMsgpack(bytes);
  } catch {
    throw damaged();
  }
}

const isBytes32 = (value: unknown): value is Uint8Array => value instanceof Uint8Array && value.length === 32;

const damaged = (): VaultError => new VaultError("damaged", "no opening");
