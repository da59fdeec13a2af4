/** What is in the blocks of a development chain, whatever is around it: read without any code that follows chains. */
import type { DevelopmentChain } from "#chain/devnet/chain.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";
import type { AccountId } from "#rmrk/account.ts";
import { decodeRemark, type Interaction } from "#rmrk/codec/interaction.ts";
import type { Mint } from "#rmrk/codec/nft.ts";
import { nftIdOf, type NftId } from "#rmrk/ids.ts";

/** In extrinsics of final blocks. @param prefix of the chain's addresses. */
export function saidOn(
  chain: DevelopmentChain,
  prefix: number,
  pattern: RegExp,
): readonly { readonly block: number; readonly interaction: Interaction }[] {
  const found: { readonly block: number; readonly interaction: Interaction }[] = [];
  for (let block = 1; block <= chain.finalized.number; block++) {
    for (const bytes of chain.body(chain.hashAt(block)!)) {
      for (const [text] of Buffer.from(bytes).toString("latin1").matchAll(pattern)) {
        const interaction = decodeRemark(utf8ToBytes(text), prefix);
        if (interaction !== undefined) found.push({ block, interaction });
      }
    }
  }
  return found;
}

export function mintsOn(
  chain: DevelopmentChain,
  prefix: number,
): readonly { readonly id: NftId; readonly mint: Mint }[] {
  const said = saidOn(chain, prefix, /RMRK::MINT::2\.0\.0::[\x21-\x7e]+?::[1-9A-HJ-NP-Za-km-z]+/g);
  return said.flatMap(({ block, interaction }) => {
    if (interaction.op !== "MINT") return [];
    const { collection, symbol, serial } = interaction;
    return [{ id: nftIdOf(block, collection, symbol, serial), mint: interaction }];
  });
}

/** How often each voucher was minted, and to whom. */
export function mintedOn(chain: DevelopmentChain, prefix: number): ReadonlyMap<string, readonly AccountId[]> {
  const found = new Map<string, AccountId[]>();
  for (const { mint } of mintsOn(chain, prefix)) {
    const id = mint.properties.get("voucher")?.value;
    if (typeof id === "string") found.set(id, [...(found.get(id) ?? []), mint.recipient as AccountId]);
  }
  return found;
}

/** Whether a transaction that mints something waits for a block: the next one takes it. */
export const mintWaitsOn = ({ pool }: DevelopmentChain): boolean =>
  pool.pending().some((bytes) => Buffer.from(bytes).includes("RMRK::MINT"));
