/**
 * The log of any room of a development place, with its keys: whoever runs such a place has the seed that they derive from.
 * There is no door for this in the worker, and no way to it on hardware that protects anything: its keys do not exist
 * outside.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bytesToHex } from "#protocol/bytes.ts";
import { encodeManifest, lineageId, worldId, type LineageTerms } from "#protocol/manifest.ts";
import type { RoomId } from "#protocol/identity.ts";
import { readRoomChain, hintOf } from "#protocol/room-chain.ts";
import type { ChainId } from "#protocol/store.ts";
import type { RoomLogFile } from "#audit/log-file.ts";
import { RecordReader } from "#audit/records.ts";
import { AuditError } from "#audit/errors.ts";
import { refuseWithoutProtection } from "#enclave/hardware.ts";
import { softwarePlatform } from "#enclave/platform/software.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { deriveLineageKey, deriveRecordKey, deriveRoomKeys, deriveTreeRoot } from "#enclave/vault/keys.ts";
import { KeyTree } from "#enclave/vault/key-tree.ts";
import { readHeader } from "#enclave/vault/record-header.ts";
import type { RevealedOpening } from "#enclave/vault/reveal.ts";
import { AuditQuestionError } from "./audit-question-error.ts";
import { zstd } from "./zstd.ts";

export interface DevelopmentQuestion {
  /** Where the development platform keeps its seed. */
  readonly directory: string;
  /** The world's name. */
  readonly world: string;
  /** That the room began with. */
  readonly contract: LoadedContract;
  /** Who may upgrade such rooms; default: nobody. */
  readonly terms?: LineageTerms;
  readonly room: RoomId;
  readonly chain: ChainId;
  readonly records: readonly Uint8Array[];
  /** Which files exist on this machine; for tests. */
  readonly exists?: (path: string) => boolean;
}

/** @throws AuditQuestionError, also on a machine whose hardware could protect its rooms. */
export async function developmentLog(question: DevelopmentQuestion): Promise<RoomLogFile> {
  const { directory, contract, terms, room, records, exists = existsSync } = question;
  try {
    refuseWithoutProtection({ platform: "software" }, exists);
  } catch {
    throw new AuditQuestionError("This machine can protect its rooms: their logs are opened by nobody here.");
  }
  if (!existsSync(join(directory, "development-seed"))) {
    throw new AuditQuestionError(`${directory} is no development platform's folder: it holds no seed.`);
  }
  const world = worldId({ name: question.world, development: true });
  const lineage = lineageId(world, contract.hash, terms);
  if (readRoomChain(question.chain)?.hint !== hintOf(lineage)) {
    throw new AuditQuestionError(
      "This room is of other rules, or of another world: name both as they were when it began. If somebody may upgrade it, say --lineages, too.",
    );
  }
  const key = await deriveLineageKey(await softwarePlatform({ directory }), lineage);
  const file: RoomLogFile = {
    place: { world, lineage, room },
    contract: contract.hash,
    manifest: encodeManifest(contract.manifest),
    keys: openingsOf(records, deriveRoomKeys(key, room).room),
    records,
  };
  checkKeys(file);
  return file;
}

/** What opens each opening's records, and no others. @param roomKey 32 bytes. */
export function openingsOf(records: readonly Uint8Array[], roomKey: Uint8Array): RevealedOpening[] {
  const headers = records.map(readHeader);
  const firsts = headers.flatMap(({ kind }, index) => (kind === "opening" ? [index] : []));
  return firsts.map((first, i) => {
    const { nonce, revealable } = headers[first]!;
    const count = (firsts[i + 1] ?? records.length) - first;
    const nodes =
      revealable === true
        ? new KeyTree(deriveTreeRoot(roomKey, nonce!)).cover(count)
        : [deriveRecordKey(roomKey, nonce!)];
    return { records: count, nodes };
  });
}

function checkKeys(file: RoomLogFile): void {
  try {
    new RecordReader(file, file.keys!, zstd).next();
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    throw new AuditQuestionError(
      `Another machine's development platform made this log: it does not open (${bytesToHex(file.place.lineage).slice(0, 16)}).`,
    );
  }
}
