/** A room's log as a file, out of a store or from a place: as it was revealed, or with the keys of a development platform. */
import { isRoomId, type RoomId } from "#protocol/identity.ts";
import { decodeRecords, isReveal, revealedBytesMax } from "#protocol/revealed.ts";
import { chainPrefixOf } from "#protocol/room-chain.ts";
import type { ChainState, Store } from "#protocol/store.ts";
import type { RoomLogFile } from "#audit/log-file.ts";
import { revealIn } from "#audit/records.ts";
import { readHeader } from "#enclave/vault/record-header.ts";
import { AuditQuestionError } from "./audit-question-error.ts";

/** Bytes of records asked for at once. */
const readMax = 4 * 1024 * 1024;

/** @throws AuditQuestionError. */
export function checkRoom(text: string): RoomId {
  if (!isRoomId(text)) throw new AuditQuestionError("A room is named by 20 hex digits: they end its link.");
  return text;
}

/**
 * All records there are of a room, up to the one that reveals it.
 *
 * @throws AuditQuestionError if there is no such room, or its beginning is gone; StoreError.
 */
export async function recordsIn(
  store: Pick<Store, "list" | "records">,
  room: RoomId,
): Promise<{ readonly chain: ChainState; readonly records: readonly Uint8Array[] }> {
  const [chain] = await store.list(chainPrefixOf(room), "", 1);
  if (chain === undefined) throw new AuditQuestionError(`The store has no room ${room}.`);
  if (chain.first > 0) throw new AuditQuestionError("The beginning of this room's log is gone: it was compacted away.");
  const records: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const page = await store.records(chain.chain, records.length, readMax);
    for (const { record } of page) {
      records.push(record);
      bytes += record.length;
      if (bytes > revealedBytesMax) throw new AuditQuestionError("This room's log is too long for a file.");
      if (isReveal(record)) return { chain, records };
    }
    if (page.length === 0) return { chain, records };
  }
}

/** From a place that gives revealed logs away. @throws AuditQuestionError. */
export async function recordsFrom(url: string, room: RoomId): Promise<readonly Uint8Array[]> {
  const address = URL.canParse(url) ? new URL(`/api/rooms/${room}/log`, url) : undefined;
  if (address === undefined)
    throw new AuditQuestionError(`${url} is no address of a place, such as http://localhost:2567.`);
  const response = await fetch(address).catch(() => undefined);
  if (response === undefined) throw new AuditQuestionError(`${address.origin} does not answer.`);
  if (response.status === 404) throw new AuditQuestionError("This place has no revealed log of that room.");
  if (!response.ok) throw new AuditQuestionError(`${address.origin} refuses: ${response.status}.`);
  try {
    return decodeRecords(new Uint8Array(await response.arrayBuffer()));
  } catch {
    throw new AuditQuestionError(`What ${address.origin} sent is no log.`);
  }
}

/** A log that ends with what opens it. Nothing is checked here: `phatroom replay` does. @throws AuditQuestionError. */
export function revealedLog(records: readonly Uint8Array[]): RoomLogFile {
  const last = records.at(-1);
  if (last === undefined || !isReveal(last)) {
    throw new AuditQuestionError(
      "This room's log was not revealed: its rules do not declare that, it is not over, or its players left before they had kept its end.",
    );
  }
  try {
    const header = readHeader(last);
    const { place, contract, manifest } = revealIn(last, records.length - 1);
    if (header.index !== records.length - 1) throw new RangeError("another index");
    return { place, contract, manifest, keys: undefined, records };
  } catch {
    throw new AuditQuestionError("The record that reveals this log cannot be read.");
  }
}
