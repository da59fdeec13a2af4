/** How blocks look in JSON, and how callers name them. */
import type { BlockHash } from "../blocks/header.ts";
import { decodeHeader } from "../blocks/header.ts";
import type { Block } from "../blocks/tree.ts";
import type { DevelopmentChain } from "../chain.ts";
import { toHex } from "../hex.ts";

export function headerJson(header: Uint8Array): unknown {
  const { parentHash, number, stateRoot, extrinsicsRoot, logs } = decodeHeader(header);
  return {
    parentHash: toHex(parentHash),
    number: `0x${number.toString(16)}`,
    stateRoot: toHex(stateRoot),
    extrinsicsRoot: toHex(extrinsicsRoot),
    digest: { logs: logs.map(toHex) },
  };
}

/** The best one unless it is said. @throws DevnetError "block-unknown", "state-discarded". */
export const blockAt = (chain: DevelopmentChain, hash: BlockHash | undefined): Block =>
  hash === undefined ? chain.best : chain.block(hash);
