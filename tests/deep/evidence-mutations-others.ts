/** Ways to change evidence of AMD and AWS at random. Nothing is signed again. */
import { p384 } from "@noble/curves/nist.js";
import { encodeEvidence, type NitroEvidence, type SevSnpEvidence } from "#attestation/evidence.ts";
import { concatBytes } from "#protocol/bytes.ts";
import type { SeededNumbers } from "./deep.ts";
import { bytesOf, changedOf, crossed, derOf, integers, negatedBy } from "./evidence-mutations.ts";

export type OtherEvidence = SevSnpEvidence | NitroEvidence;

type Mutation = (
  evidence: OtherEvidence,
  numbers: SeededNumbers,
  donors: readonly OtherEvidence[],
) => OtherEvidence | Uint8Array;

/** Changes evidence once to three times, and returns its encoding, or undefined if nothing changed or it has none. */
export const mutateOther = (
  evidence: OtherEvidence,
  numbers: SeededNumbers,
  donors: readonly OtherEvidence[],
): Uint8Array | undefined =>
  changedOf(evidence, numbers, () => numbers.pick(evidence.kind === "nitro" ? common : all), donors);

/** Where R and S of a report's signature begin, little-endian in 72 bytes each. */
const signatureAt = 0x2a0;

const withQuote = (evidence: OtherEvidence, quote: Uint8Array): OtherEvidence => ({ ...evidence, quote });

const common: readonly Mutation[] = [
  (evidence, numbers) => bytesOf(encodeEvidence(evidence), numbers),
  (evidence, numbers) => withQuote(evidence, bytesOf(evidence.quote, numbers)),
  (evidence, numbers) => withQuote(evidence, integers(evidence.quote, numbers)),
  (evidence, numbers) => withQuote(evidence, concatBytes(evidence.quote, numbers.bytes(1 + numbers.below(40)))),
  (evidence, numbers, donors) => withQuote(evidence, crossed(evidence.quote, numbers.pick(donors).quote, numbers)),
  (evidence, numbers, donors) => withQuote(evidence, numbers.pick(donors).quote),
  (evidence) => withQuote(evidence, negatedIn(evidence)),
];

const parts = ["vcek", "ask", "ark", "crl"] as const;

const all: readonly Mutation[] = [
  ...common,
  (evidence, numbers) => {
    if (evidence.kind !== "sev-snp") return evidence;
    const name = numbers.pick(parts);
    return { ...evidence, collateral: { ...evidence.collateral, [name]: derOf(evidence.collateral[name], numbers) } };
  },
  // Parts of other evidence, or of this in another place.
  (evidence, numbers, donors) => {
    const donor = numbers.pick([evidence, ...donors]);
    if (evidence.kind !== "sev-snp" || donor.kind !== "sev-snp") return evidence;
    const [name, from] = [numbers.pick(parts), numbers.pick(parts)];
    return { ...evidence, collateral: { ...evidence.collateral, [name]: donor.collateral[from] } };
  },
  (evidence, numbers, donors) => {
    const donor = numbers.pick(donors);
    if (evidence.kind !== "sev-snp" || donor.kind !== "sev-snp") return evidence;
    return { ...evidence, collateral: donor.collateral };
  },
];

/** Signatures have two spellings, s and n − s. */
function negatedIn({ kind, quote }: OtherEvidence): Uint8Array {
  if (quote.length < signatureAt + 144) return quote;
  if (kind === "nitro") return concatBytes(quote.subarray(0, -96), negatedBy(p384, quote.subarray(-96)));
  const raw = new Uint8Array(96);
  raw.set(quote.slice(signatureAt, signatureAt + 48).reverse(), 0);
  raw.set(quote.slice(signatureAt + 72, signatureAt + 120).reverse(), 48);
  const copy = new Uint8Array(quote);
  copy.set(negatedBy(p384, raw).slice(48).reverse(), signatureAt + 72);
  return copy;
}
