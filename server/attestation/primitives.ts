/** The one cryptographic operation that verification needs from outside. Hashes come from a library. */
export interface Primitives {
  /**
   * ECDSA on P-256 with SHA-256 (FIPS 186-5).
   *
   * @param publicKey x ‖ y, 64 bytes, big-endian.
   * @param signature r ‖ s, 64 bytes, big-endian.
   * @returns false as well when the key is not a point of the curve.
   */
  verifyP256(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean>;
}
