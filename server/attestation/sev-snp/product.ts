/**
 * Which processors are believed. A generation is named by AMD's certificates, by the machine's own, and since version 3
 * by the report; all three have to agree.
 */
import { AttestationError, demand } from "../errors.ts";
import type { SnpReport } from "./report.ts";
import type { Generation } from "./tcb.ts";

/** By the name that stands in a VCEK: AMD signs for variants of Genoa with the keys of Genoa. */
const generations: ReadonlyMap<string, Generation> = new Map([
  ["Milan", "Milan"],
  ["Genoa", "Genoa"],
  ["Bergamo", "Genoa"],
  ["Siena", "Genoa"],
  ["Turin", "Turin"],
]);

/** @throws AttestationError "evidence-unsupported" for a product that is not known here. */
export function generationOf(name: string): Generation {
  const generation = generations.get(name);
  if (generation === undefined) throw new AttestationError("evidence-unsupported", `product ${name}`);
  return generation;
}

/** @throws AttestationError "collateral-mismatch" if the report is of another generation than the certificates. */
export function checkProcessor({ cpuid }: SnpReport, generation: Generation): void {
  if (cpuid === undefined) return;
  demand(generationOfProcessor(cpuid) === generation, "collateral-mismatch", "family and model of the processor");
}

/** AMD publication 55898, "Processor Programming Reference": combined family, combined model. */
function generationOfProcessor([family, model]: NonNullable<SnpReport["cpuid"]>): Generation | undefined {
  if (family === 0x19 && model <= 0x0f) return "Milan";
  if (family === 0x19 && ((model >= 0x10 && model <= 0x1f) || (model >= 0xa0 && model <= 0xaf))) return "Genoa";
  if (family === 0x1a && model <= 0x1f) return "Turin";
  return undefined;
}

/** Generations whose reports are believed. */
export type Believed = Exclude<Generation, "Milan">;

/**
 * Refuses generations whose signing keys software can take out of the processor: whoever has one can sign reports about
 * any version of any firmware, so that nothing in a report of theirs says anything (arXiv 2605.12990, about Milan).
 * Earlier generations cannot do SEV-SNP.
 *
 * @throws AttestationError "processor-broken".
 */
export function refuseBroken(generation: Generation): Believed {
  if (generation === "Milan") throw new AttestationError("processor-broken", generation);
  return generation;
}
