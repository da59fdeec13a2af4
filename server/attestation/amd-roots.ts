/**
 * AMD's root keys (ARK), one for each generation of processors, by the SHA-256 of their certificates: evidence carries
 * the certificate itself. https://kdsintf.amd.com/vcek/v1/Genoa/cert_chain, https://kdsintf.amd.com/vcek/v1/Turin/cert_chain
 * (the second certificate of each). Milan's is left out on purpose (`sev-snp/product.ts`).
 */
export const amdRootFingerprints: Readonly<Record<"Genoa" | "Turin", string>> = {
  /** Until 2047-01-26; for Bergamo and Siena too. */
  Genoa: "4c6598d19c18719c5dfd4a7d335f674e5bfe1d8f800cea2cf270c10d103db2f1",
  /** Until 2048-05-15. */
  Turin: "1f084161a44bb6d93778a904877d4819cafa5d05ef4193b2ded9dd9c73dd3f6a",
};
