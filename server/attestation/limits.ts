/** Bounds on what comes from outside this zone, with their reasons. */

/**
 * Evidence must fit one Noise message (65,535 bytes) with claims and a Merkle path. Genuine TDX evidence has 13 KB, and
 * 15 to 25 KB with what dstack says about its guest.
 */
export const evidenceLengthMax = 48 * 1024;

/** A genuine attestation document of AWS Nitro Enclaves has 4.5 KB; AWS's own limit is 16 KB. */
export const nitroDocumentLengthMax = 16 * 1024;

/** Root and three intermediates in a genuine document. */
export const nitroBundleMax = 8;

/** A genuine name has 39 characters. */
export const nitroModuleLengthMax = 128;

/** User data and nonce, by AWS's specification of documents. */
export const nitroUserDataLengthMax = 512;

/** By AWS's specification of documents. */
export const nitroPublicKeyLengthMax = 1024;

/** A genuine quote has 5 KB; one cloud pads to 8,000 bytes. */
export const quoteLengthMax = 24 * 1024;

/** Intel's largest certificate, the PCK leaf, has 1.3 KB. */
export const certificateLengthMax = 4096;

/** Intel's PCK revocation list had 2.7 KB in 2025. */
export const crlLengthMax = 16 * 1024;

/** TCB info had 2.9 KB in 2025. */
export const signedTextMax = 16 * 1024;

/** TCB levels, module identities, advisories: the longest list seen has 14 entries. */
export const listLengthMax = 128;

/** TCB signing certificate and root. */
export const chainLengthMax = 2;

/** dstack's event log, as JSON: genuine ones have 5 to 7 KB. */
export const eventLogLengthMax = 16 * 1024;

/** `app-compose.json` holds a compose file, which is some KB of text. */
export const appComposeLengthMax = 16 * 1024;

/** dstack's description of the virtual machine: genuine ones have up to 1 KB. */
export const vmConfigLengthMax = 4096;
