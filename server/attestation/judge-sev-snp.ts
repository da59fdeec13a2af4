/** Judges a guest of AMD SEV-SNP: its firmware, what was loaded into it, and how its host set up the processor. */
import { type Check, verdict, warning } from "./judged.ts";
import type { PlatformFeatures } from "./sev-snp/guest.ts";
import { namesSoftware, type Policy } from "./policy.ts";
import { isAtLeast, type SnpTcb, tcbComponents } from "./sev-snp/tcb.ts";
import type { VerifiedSevSnp } from "./verified.ts";

const notCompared = "Not compared: this page names no value.";

/** The worst of the four versions counts: a host may report less than runs, and go back to what was committed. */
export function judgeFirmware({ tcb, generation }: VerifiedSevSnp, { sevSnp }: Policy): Check {
  const [name, value] = ["Security updates", spellTcb(lowest(Object.values(tcb)))];
  if (sevSnp === undefined) return warning(name, value, notCompared);
  const least = sevSnp.minimum[generation];
  if (least === undefined) {
    const sentence = `This page accepts no processor of the generation ${generation}.`;
    return verdict(name, value, false, "tcb-status-refused", ["", sentence]);
  }
  return verdict(name, value, isAtLeast(lowest(Object.values(tcb)), least), "tcb-status-refused", [
    "Firmware and microcode are as new as this page asks for, and cannot be taken back behind that.",
    `This machine lacks security updates that this page asks for (${spellTcb(least)}), or could lose them again.`,
  ]);
}

export function judgeGuest(verified: VerifiedSevSnp, policy: Policy): Check[] {
  const rule = policy.sevSnp;
  const { measurement, hostData, vmpl, guestSvn } = verified;
  const names = ["MEASUREMENT", "HOST_DATA", "Privilege level", "Security version of the guest"] as const;
  const [measured, host, level, version] = names;
  const upgrades = warning(
    "Who can replace the worker",
    "the operator",
    "The operator can replace the worker and then read saved rooms.",
  );
  if (rule === undefined && !namesSoftware(policy)) {
    return [warning(measured, measurement, notCompared), warning(host, hostData, notCompared)];
  }
  return [
    verdict(measured, measurement, rule?.measurements.includes(measurement) === true, "measurement-refused", [
      "The published software.",
      "Not the published software.",
    ]),
    rule?.hostData === undefined
      ? warning(host, hostData, notCompared)
      : verdict(host, hostData, rule.hostData.includes(hostData), "application-refused", [
          "The published application, as its host wrote down.",
          "Not the published application.",
        ]),
    verdict(level, `VMPL ${vmpl}`, (rule?.vmpl ?? [0]).includes(vmpl), "measurement-refused", [
      "The part of the software that this page knows asked for the report.",
      "A less privileged part of the software asked for the report than this page accepts.",
    ]),
    ...(rule?.guestSvnMin === undefined
      ? []
      : [
          verdict(version, `${guestSvn}`, guestSvn >= rule.guestSvnMin, "measurement-refused", [
            "As new as this page asks for.",
            `Older than this page asks for (${rule.guestSvnMin}).`,
          ]),
        ]),
    judgePlatform(verified, policy),
    upgrades,
  ];
}

const featureNames: Readonly<Record<keyof PlatformFeatures, string>> = {
  smt: "threads share cores",
  tsme: "all memory encrypted",
  ecc: "error correction",
  raplDisabled: "no power readings",
  ciphertextHiding: "ciphertext hidden",
  aliasCheck: "memory checked for aliases",
  iommuWriteSafe: "devices cannot write",
  tio: "trusted devices",
};

function judgePlatform({ platform }: VerifiedSevSnp, { sevSnp }: Policy): Check {
  const names = Object.keys(featureNames) as (keyof PlatformFeatures)[];
  const value =
    names
      .filter((name) => platform[name])
      .map((name) => featureNames[name])
      .join(", ") || "none";
  const missing = (sevSnp?.platform ?? []).filter((name) => !platform[name]);
  return verdict("Protections of the platform", value, missing.length === 0, "platform-refused", [
    "Every protection that this page asks for.",
    `Missing: ${missing.map((name) => featureNames[name]).join(", ")}.`,
  ]);
}

const lowest = (tcbs: readonly SnpTcb[]): SnpTcb =>
  Object.fromEntries(
    tcbComponents.flatMap((name) =>
      tcbs[0]?.[name] === undefined ? [] : [[name, Math.min(...tcbs.map((tcb) => tcb[name] ?? 0))]],
    ),
  ) as unknown as SnpTcb;

const words = { fmc: "FMC", bootLoader: "boot loader", tee: "TEE", snp: "SNP", microcode: "microcode" } as const;

const spellTcb = (tcb: SnpTcb): string =>
  tcbComponents.flatMap((name) => (tcb[name] === undefined ? [] : [`${words[name]} ${tcb[name]}`])).join(", ");
