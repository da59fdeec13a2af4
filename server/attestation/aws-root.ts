/**
 * The root of AWS Nitro Enclaves (G1), until 2049-10-28, by the SHA-256 of its certificate: every attestation document
 * carries the certificate itself. https://aws-nitro-enclaves.amazonaws.com/AWS_NitroEnclaves_Root-G1.zip; the fingerprint
 * stands in AWS's documentation, "Verifying the root of trust".
 */
export const awsRootFingerprint = "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b";
