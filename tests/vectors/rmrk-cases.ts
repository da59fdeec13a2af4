/** What `rmrk.json` holds, by today's code: each interaction as a remark, and a chain's worth of remarks with what they do. */
import { encodeAddress, type AccountId } from "#rmrk/account.ts";
import { decodeRemark, encodeRemark, type Interaction } from "#rmrk/codec/interaction.ts";
import { apply } from "#rmrk/consolidator.ts";
import { multisigAccount } from "#rmrk/extrinsic/multisig.ts";
import { baseIdOf, collectionIdOf, nftIdOf, slotIdOf } from "#rmrk/ids.ts";
import { stateHash } from "#rmrk/state/snapshot.ts";
import { emptyState } from "#rmrk/state/state.ts";
import { bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";
import { SeededNumbers } from "../deep/deep.ts";
import { fixed, metadata, mintOf, properties, resourceOf, slot } from "../rmrk/support/making.ts";
import { alice, bob, charlie, people, prefix } from "../rmrk/support/people.ts";
import { nextSaying, prelude } from "../rmrk/support/sayings.ts";

interface RemarkVector {
  readonly remark: string;
  /** Maps are objects, undefined members are left out. */
  readonly interaction: unknown;
}

interface ChainVector {
  readonly block: number;
  readonly extrinsic: number;
  readonly caller: string;
  readonly transfers: readonly { readonly from: string; readonly to: string; readonly amount: string }[];
  readonly remark: string;
  /** "accepted", or the code of the refusal. */
  readonly outcome: string;
}

export interface RmrkVectors {
  readonly addresses: readonly { readonly account: string; readonly prefix: number; readonly address: string }[];
  readonly multisigs: readonly {
    readonly members: readonly string[];
    readonly threshold: number;
    readonly account: string;
  }[];
  readonly remarks: readonly RemarkVector[];
  readonly chain: { readonly prefix: number; readonly remarks: readonly ChainVector[]; readonly stateHash: string };
}

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

export const rmrkVectors = (): RmrkVectors => ({
  addresses: people.flatMap((account) =>
    [0, 2, 42, 63, 64, 255, 16_383].map((network) => ({
      account,
      prefix: network,
      address: encodeAddress(account, network),
    })),
  ),
  multisigs: [
    { members: [alice, bob, charlie], threshold: 2 },
    {
      members: Array.from({ length: 70 }, (_, at) => at.toString(16).padStart(2, "0").repeat(32) as AccountId),
      threshold: 300,
    },
  ].map(({ members, threshold }) => ({ members, threshold, account: multisigAccount(members, threshold) })),
  remarks: interactions().map((interaction) => {
    const remark = text(encodeRemark(interaction, prefix));
    return { remark, interaction: plain(decodeRemark(utf8ToBytes(remark), prefix)) };
  }),
  chain: chain(),
});

function interactions(): readonly Interaction[] {
  const [heroes, swords] = ["HERO", "SWORD"].map((symbol) => collectionIdOf(alice, symbol));
  const hero = nftIdOf(101, heroes!, "hero", "00000001");
  const sword = nftIdOf(101, swords!, "sword", "00000001");
  const base = baseIdOf(100, "herobase");
  const hand = slotIdOf(base, "hand");
  const night = { inherit: true, colours: new Map([["main", "#102030"]]) };
  const all = properties({
    "hit points": { type: "int", value: 7, writer: "issuer" },
    nickname: { value: "100 % Ada 🎉", writer: "owner" },
    royaltyInfo: { type: "royalty", value: { receiver: encodeAddress(charlie, prefix), royaltyPercentFloat: 2.5 } },
    voucher: { value: "ab".repeat(32) },
  });
  const parts = [fixed("body", 0), slot("hand", 1, [swords!], "ipfs://ipfs/fist"), slot("head", 2, "*")];
  return [
    { op: "CREATE", id: heroes!, issuer: alice, symbol: "HERO", max: 100, metadata },
    { op: "CHANGEISSUER", of: heroes!, issuer: bob },
    { op: "CHANGEISSUER", of: base, issuer: bob },
    { op: "LOCK", collection: heroes! },
    { op: "DESTROY", collection: heroes! },
    {
      op: "BASE",
      issuer: alice,
      symbol: "herobase",
      type: "mixed",
      parts,
      themes: new Map([["default", night]]),
      metadata,
    },
    { op: "EQUIPPABLE", base, part: "hand", change: "add", collections: [heroes!, swords!] },
    { op: "EQUIPPABLE", base, part: "hand", change: "remove", collections: [heroes!] },
    { op: "EQUIPPABLE", base, part: "hand", change: "set", collections: "*" },
    { op: "THEMEADD", base, name: "night", theme: night },
    mintOf(heroes!, 1, undefined, { metadata: undefined }),
    mintOf(swords!, 1, bob, { properties: all, transferable: -100 }),
    mintOf(swords!, 2, hero),
    { op: "SEND", nft: hero, recipient: bob },
    { op: "SEND", nft: sword, recipient: hero },
    { op: "ACCEPT", nft: hero, entity: "NFT", child: sword },
    { op: "ACCEPT", nft: hero, entity: "RES", resource: "body" },
    {
      op: "RESADD",
      nft: hero,
      resource: resourceOf({
        id: "body",
        src: undefined,
        base,
        parts: ["body", "hand"],
        themeId: "night",
        theme: night.colours,
      }),
      replaces: undefined,
    },
    { op: "RESADD", nft: sword, resource: resourceOf({ id: "held", slot: hand, thumb: metadata }), replaces: "old" },
    { op: "SETPRIORITY", nft: hero, resources: ["body", "portrait"] },
    { op: "SETPROPERTY", nft: sword, key: "hit points", value: 8, freeze: false },
    { op: "SETPROPERTY", nft: sword, key: "hit points", value: { a: [1, "2", null] }, freeze: true },
    { op: "EQUIP", nft: sword, slot: hand },
    { op: "EQUIP", nft: sword, slot: undefined },
    { op: "LIST", nft: hero, price: (1n << 128n) - 1n },
    { op: "BUY", nft: hero, recipient: undefined },
    { op: "BUY", nft: hero, recipient: charlie },
    { op: "BURN", nft: hero },
    { op: "EMOTE", namespace: "RMRK2", nft: hero, emote: "1F468-200D-1F469" },
    { op: "EMOTE", namespace: "PUBKEY", id: `0x${alice}`, emote: "1F389" },
  ];
}

function chain(): RmrkVectors["chain"] {
  const state = emptyState(prefix);
  const numbers = new SeededNumbers(1);
  const remarks: ChainVector[] = [];
  let [block, extrinsic] = [1, 0];
  const sayings = prelude();
  for (let at = 0; at < 120; at++) {
    const { blocks, sameExtrinsic, caller, interaction, transfers } = sayings[at] ?? nextSaying(numbers, state, block);
    block += blocks;
    extrinsic += sameExtrinsic ? 0 : 1;
    const bytes = encodeRemark(interaction, prefix);
    const outcome = apply(state, { block, extrinsic, caller, bytes, transfers });
    remarks.push({
      block,
      extrinsic,
      caller,
      transfers: transfers.map(({ from, to, amount }) => ({ from, to, amount: String(amount) })),
      remark: text(bytes),
      outcome: outcome.accepted ? "accepted" : outcome.code,
    });
  }
  return { prefix, remarks, stateHash: bytesToHex(stateHash(state)) };
}

function plain(tree: unknown): unknown {
  if (typeof tree === "bigint") return String(tree);
  if (tree instanceof Map) return plain(Object.fromEntries(tree));
  if (Array.isArray(tree)) return tree.map(plain);
  if (typeof tree !== "object" || tree === null) return tree;
  const members = Object.entries(tree).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members.map(([key, value]) => [key, plain(value)]));
}
