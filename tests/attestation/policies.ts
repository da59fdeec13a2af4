/** Policies as a vendor's page has them, for tests that change one member. */
const register = "ab".repeat(48);

export const dstackRule = {
  composeHashes: ["c0".repeat(32)],
  keyProviders: [{ name: "kms", id: "30".repeat(32) }],
  appIds: ["a1".repeat(20)],
  osImages: ["05".repeat(32)],
  upgrades: "disabled",
};

export const tdxRule = { mrtd: [register], rtmr0: [register], rtmr1: [register], rtmr2: [register] };

/** Accepts one application of dstack's on named machines. */
export const vendorPolicy = {
  version: 2,
  vendors: ["intel"],
  development: "refused",
  expires: "2027-01-01T00:00:00Z",
  tcb: { statuses: ["UpToDate"], advisories: [], evaluationMin: 17 },
  freshness: { collateralHours: 240 },
  tdx: { ...tdxRule, dstack: dstackRule },
  sgx: { mrenclave: ["5e".repeat(32)] },
  contracts: ["cc".repeat(32)],
  lineages: ["1e".repeat(32)],
  hardware: ["cd".repeat(16)],
};

export const sevSnpRule = {
  measurements: ["3e".repeat(48)],
  minimum: {
    Genoa: { bootLoader: 10, tee: 1, snp: 23, microcode: 84 },
    Turin: { fmc: 1, bootLoader: 2, tee: 3, snp: 4, microcode: 84 },
  },
  hostData: ["4d".repeat(32)],
  vmpl: [0],
  guestSvnMin: 7,
  platform: ["aliasCheck", "ecc"],
};

export const nitroRule = {
  pcr0: ["a0".repeat(48)],
  pcr1: ["a1".repeat(48)],
  pcr2: ["a2".repeat(48)],
  pcr8: ["a8".repeat(48)],
};

/** Accepts machines of the other makers: a list of chips, and whatever AWS has. */
export const otherPolicy = {
  ...vendorPolicy,
  vendors: ["amd", "aws"],
  sevSnp: sevSnpRule,
  nitro: nitroRule,
  hardware: ["c2".repeat(64)],
};

/** The same with the application as one register. */
export const registerPolicy = {
  version: 2,
  vendors: ["intel"],
  development: "refused",
  tcb: vendorPolicy.tcb,
  tdx: { ...tdxRule, rtmr3: [register] },
};
