/** How a node is asked what a worker wants to know of its chain. */
import {
  chainLimits,
  type ChainBlock,
  type LinkedFinality,
  type LinkedRelay,
  type LinkedStep,
} from "#protocol/chain-link.ts";
import { type ChainNode, NodeRefusal } from "./node.ts";
import {
  bytesOf,
  finalityOf,
  hashOf,
  headerBytes,
  headNumberOf,
  listOf,
  NodeNonsense,
  numberOf,
  numbersOf,
  recordOf,
  toHex,
} from "./node-values.ts";

/** Nodes keep proofs of such blocks besides those with which a set of authorities ends (Substrate's import period). */
const provenEvery = 512;

/** Headers that are asked for at once. */
const askedAtOnce = 256;

const hex = (hash: string): string => `0x${hash}`;

/** The newest final block's number. */
export async function finalizedNumber(node: ChainNode): Promise<number> {
  return numberOf(await node.ask("chain_getHeader", [await node.ask("chain_getFinalizedHead")]));
}

/**
 * What leads from a final block to a later one of a chain that finalizes itself.
 *
 * @throws NodeNonsense if there is no later one, and this is no block of the chain either: it was begun anew, or the node is far
 *   behind. Whoever asks must not take that for the newest.
 */
export async function nextStep(node: ChainNode, block: ChainBlock): Promise<LinkedFinality | undefined> {
  const { number: from, hash } = block;
  const newest = await finalizedNumber(node);
  if (newest <= from) {
    const known = await node.ask("chain_getBlockHash", [from]);
    if (known !== hex(hash)) throw new NodeNonsense("another chain, or far behind");
    return undefined;
  }
  const { to, justification } = await finalAbove(node, from, newest);
  return { headers: await headersBetween(node, from, to), justification };
}

/** What leads to a later block of a parachain: a later final block of its relay chain, and the head that it holds. */
export async function nextParachainStep(
  node: ChainNode,
  relay: ChainNode,
  from: { readonly block: ChainBlock; readonly relay: LinkedRelay },
): Promise<LinkedStep | undefined> {
  const { block, headKey } = from.relay;
  const step = await nextStep(relay, block);
  if (step === undefined) return undefined;
  const last = block.number + step.headers.length;
  const at = hashOf(await relay.ask("chain_getBlockHash", [last]));
  const headProof = await readProof(relay, at, [headKey]);
  const head = bytesOf(await relay.ask("state_getStorage", [toHex(headKey), hex(at)]));
  const number = headNumberOf(head);
  return { relay: step, headProof, headers: await headersBetween(node, from.block.number, number) };
}

/**
 * A proof that a block above this one is final: the last one of its set of authorities, or the newest. Empty if the node
 * proves nothing: then it is for a worker that believes it.
 */
async function finalAbove(
  node: ChainNode,
  from: number,
  newest: number,
): Promise<{ readonly to: number; readonly justification: Uint8Array }> {
  let proof: unknown;
  try {
    proof = await node.ask("grandpa_proveFinality", [from + 1]);
  } catch (error) {
    if (!(error instanceof NodeRefusal)) throw error;
  }
  const farthest = from + chainLimits.headers;
  if (proof === undefined || proof === null) {
    return { to: Math.min(newest, farthest), justification: new Uint8Array(0) };
  }
  const { hash, justification } = finalityOf(bytesOf(proof));
  const to = numberOf(await node.ask("chain_getHeader", [hex(hash)]));
  if (to <= farthest) return { to, justification };
  const nearer = farthest - (farthest % provenEvery);
  return { to: nearer, justification: await keptJustification(node, nearer) };
}

/** That a node has stored with a block. */
async function keptJustification(node: ChainNode, number: number): Promise<Uint8Array> {
  const hash = await node.ask("chain_getBlockHash", [number]);
  const { justifications } = recordOf(await node.ask("chain_getBlock", [hash]));
  for (const pair of listOf(justifications)) {
    const [engine, justification] = listOf(pair).map(numbersOf);
    if (String.fromCharCode(...engine!) === "FRNK" && justification !== undefined) return justification;
  }
  throw new NodeNonsense("no justification");
}

async function headersBetween(node: ChainNode, from: number, to: number): Promise<Uint8Array[]> {
  const headers: Uint8Array[] = [];
  const last = Math.min(to, from + chainLimits.headers);
  while (from + headers.length < last) {
    const first = from + headers.length + 1;
    const numbers = Array.from({ length: Math.min(askedAtOnce, last - first + 1) }, (_, i) => first + i);
    const hashes = listOf(await node.ask("chain_getBlockHash", [numbers]));
    const told = await Promise.all(hashes.map((hash) => node.ask("chain_getHeader", [hash])));
    if (told.length !== numbers.length) throw new NodeNonsense("headers are missing");
    headers.push(...told.map(headerBytes));
  }
  return headers;
}

export async function bodyOf(node: ChainNode, block: string): Promise<Uint8Array[]> {
  const { block: found } = recordOf(await node.ask("chain_getBlock", [hex(block)]));
  return listOf(recordOf(found)["extrinsics"]).map(bytesOf);
}

export async function readProof(node: ChainNode, block: string, keys: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const { proof } = recordOf(await node.ask("state_getReadProof", [keys.map(toHex), hex(block)]));
  return listOf(proof).map(bytesOf);
}

export async function keysUnder(node: ChainNode, block: string, prefix: Uint8Array): Promise<Uint8Array[]> {
  const keys = await node.ask("state_getKeysPaged", [toHex(prefix), chainLimits.named, null, hex(block)]);
  return listOf(keys).slice(0, chainLimits.named).map(bytesOf);
}

export const metadataAt = async (node: ChainNode, block: string): Promise<Uint8Array> =>
  bytesOf(await node.ask("state_getMetadata", [hex(block)]));
