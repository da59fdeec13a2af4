/** The corpus of attacks inside a page. */
import { verdictOf } from "../attestation/corpus/attack.ts";
import { corpus } from "../attestation/corpus/index.ts";

/** The verdict of this page on every attack of a group, by the attack's name. */
export async function verdicts(group: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const attack of corpus[group] ?? []) found[attack.name] = await verdictOf(attack);
  return found;
}
