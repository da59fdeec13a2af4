/** Every bound on what a remark may hold and on what the state keeps, with its reason. */

/** Bytes of one remark: a base with 256 parts, whose sources take 150 bytes each. */
export const remarkLengthMax = 64 * 1024;

/** Bytes of a URI: pallet-nfts keeps 256 of metadata. */
export const uriLengthMax = 256;

/** Characters of a symbol, a part's, a theme's and a resource's id. An NFT's id stays under 128 characters. */
export const symbolLengthMax = 32;

/** Digits of an NFT's serial number, with leading zeros. */
export const serialLength = 8;

/** The most NFTs a collection can ever have: all serial numbers but zero. */
export const collectionSizeMax = 99_999_999;

/** Blocks are numbered with 32 bits. */
export const blockMax = 0xffff_ffff;

/** A balance has 128 bits. */
export const balanceMax = (1n << 128n) - 1n;

/** Of one NFT: what an inventory can show. A property's value is JSON of so many characters, nested so deep. */
export const propertiesMax = 32;
export const propertyKeyLengthMax = 64;
export const propertyValueLengthMax = 256;
export const propertyValueDepthMax = 4;

/** Of one NFT, pending ones included: RMRK's pallet orders 25 of them. */
export const resourcesMax = 32;

/** Of one base, and so of one resource. A character made of more parts than this cannot be drawn sixty times a second. */
export const partsMax = 256;

/** Collections that one slot names. */
export const equippableMax = 256;

/** Of one base. */
export const themesMax = 32;

/** Of one theme, or of a resource's own colours. */
export const themeEntriesMax = 32;
export const themeValueLengthMax = 64;

/** Different emotes on one NFT. Who emoted is not bounded: each of them paid for a remark. */
export const emotesMax = 64;

/** Code points in one emote: a family of four with skin tones takes eleven. */
export const emotePointsMax = 12;

/** Levels of a tree of NFTs, its root included. Other consolidators give up beyond this as well. */
export const treeDepthMax = 10;

/**
 * NFTs in one tree, and as many again that wait in it to be accepted: what one remark may move, burn or walk. Counted
 * apart, so that nobody can fill somebody else's NFT.
 */
export const treeSizeMax = 1024;
export const treeWaitingMax = 1024;

/** Blocks between two LIST of one NFT, so that a buyer's transaction finds the price it was made for. */
export const listingIntervalBlocks = 5;

/** Calls within calls: what runtimes decode. */
export const callDepthMax = 256;
