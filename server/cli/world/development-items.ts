/** What a development world has on its chain besides what rooms issue: Spirits, and the base that they are made of. */

/** In the catalogue of the page of items. */
const pictures = {
  "spirit-glow": "ipfs://bafkreid3mh4r6utkqjwd4wrrsb7xz3mbu57aduohqkjdle5uxjrvnheabm",
  "spirit-body": "ipfs://bafkreiby4onyk4uadeivit3skxt24bhkju36anj5ssewr3sdq6cocz3ry4",
  "spirit-face": "ipfs://bafkreighi23ogcmfufldadoxksvisp22g5nqp2rlyvb7foaeqvn6gzd36a",
} as const;
const spirit = "ipfs://bafkreihiygddifrjegsvftppjcwenag34g4g2mcv4app6punjycfm6owiq";

const fixed = (id: keyof typeof pictures, z: number) => ({ id, type: "fixed", z, src: pictures[id] });
const slot = (id: string, z: number, equippable: readonly string[]) => ({ id, type: "slot", z, equippable });

/** As `phatroom world init` reads it. @param issuers addresses, by the contract that they issue for. */
export function developmentItems(issuers: { readonly [contract: string]: string }): object {
  const from = (contract: string, symbol: string): readonly string[] =>
    issuers[contract] === undefined ? [] : [`${contract}/${symbol}`];
  const parts = [
    fixed("spirit-glow", 0),
    fixed("spirit-body", 10),
    fixed("spirit-face", 20),
    slot("hat", 30, from("dot4", "DOT4")),
    slot("hand", 40, from("skirmish", "SKIRMISH")),
  ];
  const made = { id: "body", base: "spirit", parts: parts.map(({ id }) => id) };
  return {
    issuers,
    funds: "100000000000000",
    collections: { SPIRITS: { max: 1_000_000, metadata: spirit, resources: [made] } },
    bases: { spirit: { type: "svg", parts } },
  };
}
