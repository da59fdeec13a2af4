/** What pallet-nfts bounds on Asset Hub. A pre-signed mint beyond it would be signed for nothing. */

/** Of one pre-signed mint. */
export const attributesMax = 10;
/** In bytes. */
export const attributeKeyMax = 64;
export const attributeValueMax = 256;

/** Slots in which a voucher's item may be: others are in one with a probability of items / 2^32. */
export const slotsMax = 8;
