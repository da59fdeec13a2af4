/** What the development chain bounds, and why. */

/** Specifications are some megabytes of JSON; a relay chain's with all its history of keys stays under this. */
export const specBytesMax = 256 * 1024 * 1024;

/** A runtime's code, decompressed. Substrate's own limit for it. */
export const codeBytesMax = 50 * 1024 * 1024;

/** Memory of one runtime call, in pages of 64 KiB: 256 MiB, twice what a relay chain's nodes give. */
export const memoryPagesMax = 4096;

/** The largest single allocation that Substrate's allocator makes. */
export const allocationMax = 32 * 1024 * 1024;

/** Storage transactions within one another. Substrate's FRAME nests at most 255 layers. */
export const transactionsNestedMax = 300;

/** Lines that a runtime may log in one call, and characters of a line: a runtime in a loop does not flood a terminal. */
export const logLinesMax = 256;
export const logLineLengthMax = 4096;

/** Signatures that are remembered as right: a transaction is checked in the pool, in its block and in the block's test. */
export const signaturesKept = 16_384;

/** One transaction. `set_code` carries a whole runtime; everything else is far smaller. */
export const transactionBytesMax = 10 * 1024 * 1024;

/** Transactions in the pool that wait for a block, all together. Substrate's default is 8,192. */
export const poolTransactionsMax = 8192;
export const poolBytesMax = 64 * 1024 * 1024;

/** Of those, the ones that wait for an earlier nonce. */
export const poolFutureMax = 1024;

/** Blocks after which nobody hears any more that a transaction's block became final. Substrate's own number. */
export const finalityWatchMax = 512;

/** States that are kept beneath the finalized block, in blocks. Substrate's default. */
export const statesKept = 256;

/** Blocks after which one is proven to be final by itself, however many are final: as often as Substrate's nodes do it at least. */
export const justifiedEvery = 512;

/** Blocks that may wait for finality: their states are all kept. */
export const unfinalizedMax = 4096;

/** Blocks that one `dev_newBlock` makes. */
export const newBlocksMax = 1024;

/** One JSON-RPC message: a transaction with a runtime in it, in hexadecimal. */
export const messageBytesMax = 32 * 1024 * 1024;

/** Calls in one JSON-RPC batch. */
export const batchMax = 128;

/** Keys of one storage question. Substrate's limit for pages of keys. */
export const keysMax = 1000;

/** Blocks through which `state_queryStorage` looks. */
export const queryBlocksMax = 256;

export const connectionsMax = 128;

/** Of one connection. */
export const subscriptionsMax = 1024;

/** What a slow reader may leave unread before it is disconnected. */
export const unsentBytesMax = 64 * 1024 * 1024;
