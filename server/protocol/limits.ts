/** Every bound on what comes from outside, with its reason. A decoder that reads a length checks it against one of these. */

/** Version of everything in this zone; a client and a worker must agree on it exactly. */
export const protocolVersion = 1;

/** Noise allows 65,535 bytes per message; 16 of them are the tag. */
export const noiseMessageMax = 65_535;

/** AEAD tag of ChaCha20-Poly1305 (RFC 8439). */
export const tagLength = 16;

/**
 * Plaintext sizes on the wire. The smallest carries a move, an acknowledgement or a ping; doubling keeps the waste
 * under one half and the number of distinguishable sizes at eleven. The last is what one Noise message can hold.
 */
export const frameBuckets = [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_519] as const;

/**
 * The same for frames about entities, which leave at every tick and are most of what a room sends: at most a fifth of one
 * is waste beyond 128 bytes. The host learns a little better how much moves in somebody's sight. Whoever must hide that
 * gives a room frames of one size.
 */
export const entityFrameBuckets = [
  64, 96, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584,
  4096, 5120, 6144, 7168, 8192, 10_240, 12_288, 14_336, 16_384, 32_768, 65_519,
] as const;

/** Type and length in front of a frame's body. */
export const frameHeaderLength = 3;

/**
 * What a worker may say in one message, over several frames: the largest output of a contract, and the same again for
 * the keys of a patch that changes it everywhere (`valueNodesMax` bounds them), times two for what else an update holds.
 */
export const messageLengthMax = 4 * 1024 * 1024;

/** What one message about entities holds: one frame of the size that carries a thousand rows of sixteen bytes. */
export const entitiesLengthMax = 16_384 - frameHeaderLength;

/** Largest frame a player may send: holds four times the largest move of our own contracts. */
export const clientFrameMax = 2048;

/** What a player may say in one message: all that one such frame holds. */
export const moveLengthMax = clientFrameMax - frameHeaderLength;

/** What a client may send in one envelope. Handshakes are under 100 bytes. */
export const clientEnvelopeMax = 1 + clientFrameMax + tagLength;

/** What a worker may send in one envelope. */
export const workerEnvelopeMax = 1 + noiseMessageMax;

/** Rekey after so many frames in one direction (Noise section 11.3): limits what one leaked key opens. */
export const rekeyInterval = 2 ** 14;

/** Depth of a value tree: deeper than any board, shallow enough for every recursive reader. */
export const valueDepthMax = 16;

/** Nodes in a value tree: a 100×100 board with room to spare. */
export const valueNodesMax = 65_536;

/** Nodes in one encoded message: a patch takes up to three for each node of the value it changes. */
export const messageNodesMax = 4 * valueNodesMax;

/** Longest name a player may have, in UTF-16 units: fits a name tag. */
export const playerNameMax = 24;

/** Longest sentence a contract may refuse with: two lines on a phone. */
export const reasonLengthMax = 200;

/** One message on the link between gateway and worker: one envelope and its header, or a control message. */
export const linkMessageMax = 128 * 1024;

/** A vendor's statement or revocation list as its service sends it: four of them and two chains fit one link message. */
export const collateralPartMax = 24 * 1024;

/** Two certificates in PEM, percent-encoded: 5 KB. */
export const collateralChainMax = 8 * 1024;

/** One batch on the link: a thousand viewers' frames of one boundary at 16 KiB each. */
export const linkBatchMax = 16 * 1024 * 1024;

/** Contract bundle: the largest library set we tried (planck, zod, immer) is 700 KB. */
export const bundleLengthMax = 4 * 1024 * 1024;

/** One call's input to a contract and its output (ABI windows). */
export const callInputMax = 64 * 1024;
export const callOutputMax = 1024 * 1024;

/** Effects one call may have. */
export const effectsMax = 256;

/** Longest name of a timer or reason of an award, in UTF-16 units. */
export const effectNameMax = 64;

/** Largest payload of a timer, encoded: it comes back as part of one call's input. */
export const timerPayloadMax = 16 * 1024;

/** Timers a room may have pending. */
export const timersMax = 64;

/**
 * Items that one room awards: each is kept with the room for as long as it lives, 310 bytes in memory and 150 in every
 * snapshot. Four times as many would be 10 MB of a snapshot, and hold a worker up for a tenth of a second at each.
 */
export const itemAwardsMax = 16_384;

/** Outcomes of a player's newest moves that a room remembers, to answer a move that is resent after a reconnection. */
export const outcomesKept = 64;

/** Moves of one player waiting for the next boundary: a burst of double taps, not a flood. */
export const movesPendingMax = 32;

/** A signed upgrade with sixteen signatures, and then some. */
export const upgradeLengthMax = 2048;
