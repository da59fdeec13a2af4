/** How strong a proof is. Whatever says something about a chain says this beside it. */

export const strengths = {
  "finality-proven":
    "Proven: more than two thirds of the chain's authorities signed the block, and the answer was checked against it.",
  "trusted-node":
    "Believed: the answer was checked against a block, but that the block is final is what one node says.",
  "development-chain":
    "Development: everybody has the keys of this chain's authorities, so whoever runs it decides what it says.",
} as const;

export type Strength = keyof typeof strengths;
