/** What of this world goes on its chain: a Spirit for everybody, once, that cannot be given away, made of the owner's base. */

/** In the catalogue of the page of items. */
const description = "ipfs://bafkreihiygddifrjegsvftppjcwenag34g4g2mcv4app6punjycfm6owiq";

const body = {
  id: "body",
  base: "spirit",
  parts: ["spirit-glow", "spirit-body", "spirit-face", "hat", "hand"],
} as const;

export const collections = {
  SPIRITS: { max: 1_000_000, metadata: description, resources: [body] },
} as const;

/** One for each player, in whichever hub it is awarded. */
export const spirit = { collection: "SPIRITS", symbol: "spirit", transferable: false, perPlayer: true } as const;
