/** Blocks are built by the runtime, extrinsic by extrinsic, and then executed by it again as a stranger's would be. */
import { hexToBytes } from "#protocol/bytes.ts";
import { DevnetError } from "../errors.ts";
import type { StorageKey } from "../hex.ts";
import { Runtime, type Log } from "../runtime/runtime.ts";
import { Overlay } from "../storage/overlay.ts";
import type { Trie } from "../trie/trie.ts";
import { decodeHeader, encodeHeader, hashOf, slotLogs, type BlockHash } from "./header.ts";
import { inherentData, type Moment } from "./inherents.ts";
import { decodeApplied, type Invalid } from "./validity.ts";

export interface Parent {
  readonly hash: BlockHash;
  readonly number: number;
  readonly header: Uint8Array;
  readonly state: Trie;
}

export interface BuiltBlock {
  readonly hash: BlockHash;
  readonly number: number;
  readonly header: Uint8Array;
  readonly body: readonly Uint8Array[];
  /** How many extrinsics at the beginning of the body are the author's. */
  readonly inherents: number;
  /** Of the parent's state. */
  readonly changes: ReadonlyMap<StorageKey, Uint8Array | null>;
  readonly state: Trie;
}

export interface Beginning extends Moment {
  /** A digest item that is added once the runtime is done, as consensus engines add theirs. */
  readonly announced?: Uint8Array | undefined;
}

/** What became of a transaction that was offered to a block. */
export type Verdict = "included" | Invalid;

/** After so many that no longer fit into a block, the others would not either. Substrate's number. */
const exhaustedMax = 8;

const zeros = new Uint8Array(32);

/**
 * @param offered tried in this order; `report` is told about each.
 * @throws DevnetError "block-refused" if the runtime does not accept what it has built, which is an error here.
 */
export function buildBlock(
  parent: Parent,
  { announced, ...moment }: Beginning,
  offered: Iterable<Uint8Array>,
  report: (transaction: Uint8Array, verdict: Verdict) => void,
  log?: Log,
): BuiltBlock {
  const runtime = Runtime.of(parent.state);
  const number = parent.number + 1;
  const parentHash = hexToBytes(parent.hash.slice(2));
  const storage = new Overlay(parent.state);
  const logs = slotLogs(runtime.slots, moment.slot);
  const opening = encodeHeader({ parentHash, number, stateRoot: zeros, extrinsicsRoot: zeros, logs });
  runtime.call("Core_initialize_block", opening, storage, log);

  const body = runtime.inherents(inherentData(parent.state, parent.header, number, moment), storage);
  for (const inherent of body) {
    const refused = apply(runtime, inherent, storage, log);
    if (refused !== undefined) throw new DevnetError("block-refused", `an inherent is ${refused.reason}`);
  }
  const inherents = body.length;
  let exhausted = 0;
  for (const transaction of offered) {
    const refused = tried(runtime, transaction, storage, log);
    report(transaction, refused ?? "included");
    if (refused === undefined) body.push(transaction);
    else if (refused.reason === "ExhaustsResources" && ++exhausted === exhaustedMax) break;
  }
  const built = runtime.call("BlockBuilder_finalize_block", new Uint8Array(0), storage, log);
  const state = storage.applied(runtime.version.stateVersion);
  check(runtime, parent.state, built, body, state);
  const header = announced === undefined ? built : withLog(built, announced);
  return { hash: hashOf(header), number, header, body, inherents, changes: storage.changes(), state };
}

/** The runtime's own judgement: header, digest, extrinsics root and state root, each computed again from the parent. */
function check(runtime: Runtime, before: Trie, header: Uint8Array, body: readonly Uint8Array[], after: Trie): void {
  try {
    runtime.executeBlock(header, body, new Overlay(before));
  } catch (error) {
    throw error instanceof DevnetError ? new DevnetError("block-refused", error.detail) : error;
  }
  if (Buffer.compare(decodeHeader(header).stateRoot, after.root) !== 0) {
    throw new DevnetError("block-refused", "the state that is kept is not the one in the header");
  }
}

function withLog(built: Uint8Array, log: Uint8Array): Uint8Array {
  const header = decodeHeader(built);
  return encodeHeader({ ...header, logs: [...header.logs, log] });
}

/** What is refused leaves no trace. */
function apply(runtime: Runtime, extrinsic: Uint8Array, storage: Overlay, log?: Log): Invalid | undefined {
  storage.start();
  try {
    const refused = decodeApplied(runtime.call("BlockBuilder_apply_extrinsic", extrinsic, storage, log));
    if (refused === undefined) storage.commit();
    else storage.rollback();
    return refused;
  } catch (error) {
    storage.rollback();
    throw error;
  }
}

function tried(runtime: Runtime, transaction: Uint8Array, storage: Overlay, log?: Log): Invalid | undefined {
  try {
    return apply(runtime, transaction, storage, log);
  } catch (error) {
    if (!(error instanceof DevnetError)) throw error;
    return { kind: "invalid", reason: error.detail ?? error.message };
  }
}
