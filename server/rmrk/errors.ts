/**
 * Every reason why a remark changes nothing. Programs read the code; a player may be shown the sentence. The first part
 * is found by reading the remark alone, the second by the rules.
 */
export const refusalCodes = {
  // Reading
  "not-rmrk": "This is not an RMRK interaction.",
  "version-unsupported": "This interaction is of another version of RMRK than 2.0.0.",
  "interaction-unknown": "RMRK 2.0 has no such interaction.",
  "too-long": "This is longer than an interaction may be.",
  "fields-malformed": "This interaction has too few or too many fields.",
  "encoding-malformed": "A field is not encoded, or encoded twice.",
  "json-malformed": "A field is not JSON as it must be written.",
  "member-malformed": "A field lacks something, or holds something it must not.",
  "value-malformed": "A value is out of its range.",
  "id-malformed": "This is not an id of a collection, an NFT, a base or a slot.",
  "address-malformed": "This is not an address. Check it: nothing was moved.",
  "address-network": "This address is written for another network. Nothing was moved.",

  // Collections and bases
  "issuer-not-caller": "Whoever creates something must be its issuer.",
  "collection-id-wrong": "A collection's id is made of its issuer's key and its symbol.",
  "collection-exists": "There is such a collection already, or there was.",
  "collection-unknown": "There is no such collection.",
  "collection-locked": "Nothing more is issued in this collection.",
  "collection-full": "All NFTs that this collection may ever have were issued.",
  "collection-in-use": "A collection ends when all of its NFTs are burned.",
  "not-issuer": "Only the issuer may do this.",
  "base-exists": "There is such a base already.",
  "base-unknown": "There is no such base.",
  "part-unknown": "The base has no such part.",
  "part-fixed": "Nothing can be equipped in this part.",
  "equippable-all": "This slot takes every collection. Name the ones it should take instead.",
  "equippable-too-many": "This slot names too many collections.",
  "theme-unknown": "The base has no such theme.",
  "theme-exists": "The base has a theme of this name.",
  "theme-default-missing": "A base's first theme is called default.",
  "themes-too-many": "The base has too many themes.",

  // Minting
  "serial-used": "An NFT with this serial number was issued before.",
  "voucher-malformed": "A voucher is 64 hexadecimal digits that never change.",
  "voucher-used": "This voucher was redeemed.",
  "recipient-unknown": "There is no NFT that could receive this.",

  // Owning
  "nft-unknown": "There is no such NFT.",
  "not-owner": "Only the owner may do this.",
  "nft-pending": "It has to be accepted first.",
  "nft-listed": "It is for sale. Take it off the list first.",
  "nft-equipped": "It is equipped. Take it off first.",
  "nft-not-transferable": "It cannot change hands now.",
  "nft-used": "It is used up.",
  "nft-nested": "It lies in another NFT. Take it out first.",
  "nests-in-itself": "An NFT cannot lie in itself.",
  "nested-too-deep": "NFTs do not nest so deep.",
  "tree-too-large": "No more fits into this NFT.",
  "nothing-pending": "There is nothing to accept.",

  // Resources and properties
  "resource-exists": "The NFT has a resource with this id.",
  "resource-unknown": "The NFT has no such resource.",
  "resources-too-many": "The NFT has too many resources.",
  "priority-incomplete": "A priority names every accepted resource once.",
  "property-immutable": "This property does not change.",
  "property-reserved": "This property is written when the NFT is issued, or never.",
  "property-type": "The property is of another type.",
  "properties-too-many": "The NFT has too many properties.",

  // Equipping
  "base-not-used": "What should wear it is not made from this base, or not with this slot.",
  "resource-for-slot-missing": "It has no resource for this slot.",
  "collection-not-equippable": "The slot does not take NFTs of this collection.",
  "slot-taken": "Something else is equipped there.",
  "already-equipped": "It is equipped somewhere else. Take it off first.",
  "not-equipped": "It is not equipped.",

  // Trading
  "listed-too-recently": "A price stays for five blocks.",
  "not-for-sale": "It is not for sale.",
  "buyer-is-owner": "It is yours already.",
  "payment-missing": "The seller was not paid in the same transaction.",
  "royalty-missing": "The royalty was not paid in the same transaction.",

  // Emotes
  "emote-elsewhere": "Only emotes on NFTs of RMRK 2.0 are kept.",
  "emotes-too-many": "There are too many different emotes on this NFT.",
} as const;

export type RefusalCode = keyof typeof refusalCodes;

/** A remark cannot be read; or a snapshot is none, or calls are none that a chain could hold ("snapshot-malformed", "calls-too-deep"). */
export class RmrkError extends Error {
  readonly code: RefusalCode | "snapshot-malformed" | "calls-too-deep";

  constructor(code: RmrkError["code"], detail?: string) {
    super(detail === undefined ? code : `${code}: ${detail}`);
    this.name = "RmrkError";
    this.code = code;
  }
}
