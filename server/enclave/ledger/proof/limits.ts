/** What proofs are bounded by, and why. All of it comes from whoever runs the machine. */

/** A header. Those that change authorities carry every validator's key: a thousand of 40 bytes, and BABE's as many. */
export const headerLengthMax = 256 * 1024;

/** Digest items of a header: a slot, a seal, consensus messages, now and then a runtime's. */
export const digestItemsMax = 32;

/** Authorities of a set. Kusama has 1,000 and Polkadot 600. */
export const authoritiesMax = 4096;

/** Votes in a justification: of each authority one, or two that contradict each other. */
export const votesMax = 2 * authoritiesMax;

/** Headers between a justification's block and the newest one that was voted for: honest voters are a few blocks apart. */
export const ancestryMax = 256;

/** One justification: votes of 132 bytes, and ancestry. */
export const justificationLengthMax = 4 * 1024 * 1024;

/** Headers that are verified in one step. */
export const headersMax = 4096;

/** A block's extrinsics. The block length of FRAME is 5 MiB, and an extrinsic takes some bytes. */
export const extrinsicsMax = 65_536;
export const bodyLengthMax = 8 * 1024 * 1024;

/** Nodes and values of one storage proof, and all their bytes: events of a full block take some hundred KiB. */
export const proofNodesMax = 4096;
export const proofLengthMax = 8 * 1024 * 1024;

/** A storage key. FRAME hashes what could be longer. */
export const keyLengthMax = 512;

/** A runtime's description: Polkadot's has 400 KiB, thousands of types, and pallets numbered in a byte. */
export const metadataLengthMax = 8 * 1024 * 1024;
export const metadataItemsMax = 65_536;

/** Values within one another. Runtimes decode calls 256 deep at most, and each takes some levels here. */
export const valueDepthMax = 1024;

/** Events of one block, and items of a list in an extrinsic or an event. */
export const itemsMax = 1024 * 1024;
