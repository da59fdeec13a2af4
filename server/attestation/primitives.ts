/**
 * The cryptographic operations that verification needs from outside: one signature scheme of each vendor's. Hashes come
 * from a library.
 */
export interface Primitives {
  /**
   * ECDSA on P-256 with SHA-256 (FIPS 186-5).
   *
   * @param publicKey x ‖ y, 64 bytes, big-endian.
   * @param signature r ‖ s, 64 bytes, big-endian.
   * @returns false as well when the key is not a point of the curve.
   */
  verifyP256(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean>;
  /**
   * ECDSA on P-384 with SHA-384 (FIPS 186-5).
   *
   * @param publicKey x ‖ y, 96 bytes, big-endian.
   * @param signature r ‖ s, 96 bytes, big-endian.
   * @returns false as well when the key is not a point of the curve.
   */
  verifyP384(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean>;
  /**
   * RSASSA-PSS with SHA-384, MGF1 with SHA-384 and a salt of 48 bytes (RFC 8017 section 8.1). The exponent is 65537.
   *
   * @param modulus 512 bytes, big-endian.
   * @param signature 512 bytes, big-endian.
   */
  verifyRsaPss(modulus: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean>;
}
