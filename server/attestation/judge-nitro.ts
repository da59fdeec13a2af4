/** Judges an enclave of AWS Nitro by its registers. */
import { type Check, verdict, warning } from "./judged.ts";
import { namesSoftware, type NitroRule, type Policy } from "./policy.ts";
import type { VerifiedNitro } from "./verified.ts";

/** Every enclave has these; PCR8 is who signed the image, if somebody did. */
const registers = [
  ["pcr0", 0],
  ["pcr1", 1],
  ["pcr2", 2],
  ["pcr8", 8],
] as const satisfies readonly (readonly [keyof NitroRule, number])[];

export function judgeNitro({ pcrs }: VerifiedNitro, policy: Policy): Check[] {
  const rule = policy.nitro;
  const judged = registers.flatMap(([name, number]): Check[] => {
    const [title, value] = [`PCR${number}`, pcrs[number] ?? "none"];
    if (!namesSoftware(policy))
      return name === "pcr8" ? [] : [warning(title, value, "Not compared: this page names no value.")];
    if (name === "pcr8" && rule?.pcr8 === undefined) return [];
    return [
      verdict(title, value, rule?.[name]?.includes(value) === true, "measurement-refused", [
        "The published software.",
        "Not the published software.",
      ]),
    ];
  });
  if (!namesSoftware(policy)) return judged;
  const sentence = "The operator can replace the worker and then read saved rooms.";
  return [...judged, warning("Who can replace the worker", "the operator", sentence)];
}
