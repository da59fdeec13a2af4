/** A profile as its author reads it: a table, and what to raise or lower. */
import { manifestLimits } from "#protocol/manifest.ts";
import type { KindProfile, Profile } from "./measure.ts";

/** Above this share of a budget the next surprise ends a call early; below the other, the budget holds nothing back. */
const tight = 0.5;
const loose = 0.05;

/** What a budget is to be, over what was measured. */
const spare = 3;

const fuelMin = 100_000;

export function profileText(profile: Profile): string {
  const { manifest, kinds } = profile;
  const head = ["call", "count", "fuel, mean", "p99", "max", "of its budget"];
  const lines = kinds.map(({ kind, count, faulted, fuel }) => [
    kind,
    number(count),
    number(fuel.mean),
    number(fuel.p99),
    number(fuel.max),
    `${share(fuel.max / manifest.fuel)}${faulted === 0 ? "" : `, ${faulted} ended early`}`,
  ]);
  return [
    ...table([head, ...lines]),
    "",
    `fuel         ${number(manifest.fuel)} for one call`,
    `memoryPages  ${profile.pages} of ${manifest.memoryPages} were used at most`,
    "",
    ...advice(profile),
  ].join("\n");
}

function advice(profile: Profile): string[] {
  const { manifest, kinds, pages, faults } = profile;
  const sentences = faults.map((fault) => `Ended early: ${fault}`);
  const dearest = kinds.reduce<KindProfile | undefined>(
    (most, kind) => (most === undefined || kind.fuel.max > most.fuel.max ? kind : most),
    undefined,
  );
  if (dearest !== undefined) sentences.push(fuelAdvice(dearest, manifest.fuel));
  sentences.push(memoryAdvice(pages, manifest.memoryPages));
  if (!kinds.some(({ kind }) => kind === "move")) {
    sentences.push(
      "No moves are in this. Write `room.recording` of the testing kit to a file, and profile that: --profile <file>.",
    );
  }
  return sentences;
}

function fuelAdvice({ kind, fuel }: KindProfile, budget: number): string {
  const used = fuel.max / budget;
  const wanted = roundedUp(Math.max(fuelMin, fuel.max * spare));
  const says = `The dearest call, ${kind}, takes ${share(used)} of its fuel.`;
  if (used > tight) {
    return wanted <= manifestLimits.fuel
      ? `${says} Raise \`fuel\` to ${literal(wanted)}, or do less in it.`
      : `${says} No more than ${literal(manifestLimits.fuel)} can be had: do less in it, or over several calls.`;
  }
  if (used < loose && wanted < budget) {
    return `${says} \`fuel: ${literal(wanted)}\` would do: it bounds how long a mistake holds up all other rooms.`;
  }
  return `${says} That is a good budget.`;
}

function memoryAdvice(pages: number, budget: number): string {
  const used = pages / budget;
  const wanted = Math.max(pages + 1, Math.ceil(pages * 1.5));
  if (used > 0.75 && budget < manifestLimits.memoryPages) {
    return `Raise \`memoryPages\` to ${Math.min(manifestLimits.memoryPages, wanted)}, or keep less: ${share(used)} are used.`;
  }
  if (used < 0.25) return `\`memoryPages: ${wanted}\` would do.`;
  return "Memory is enough, and not too much.";
}

/** At two digits, upwards. */
function roundedUp(fuel: number): number {
  const unit = 10 ** (Math.floor(Math.log10(fuel)) - 1);
  return Math.ceil(fuel / unit) * unit;
}

const number = (value: number): string => value.toLocaleString("en");

/** As an author types it. */
const literal = (value: number): string => number(value).replaceAll(",", "_");

const share = (part: number): string => `${part < 0.0995 ? (part * 100).toFixed(1) : Math.round(part * 100)} %`;

function table(lines: readonly (readonly string[])[]): string[] {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) =>
    line
      .map((text, column) =>
        column === 0 || column === widths.length - 1 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!),
      )
      .join("  ")
      .trimEnd(),
  );
}
