/**
 * Evidence changed at random is refused with a code, or consists of the very parts that were signed: those it had, or
 * those of other genuine evidence that were put in their place.
 */
import { AttestationError } from "#attestation/errors.ts";
import { decodeEvidence, type Evidence, type IntelEvidence, rootOf } from "#attestation/evidence.ts";
import { intelRoot } from "#attestation/intel-root.ts";
import type { Verified } from "#attestation/verified.ts";
import { verify } from "#attestation/verify.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { otherPki } from "../attestation/corpus/certificates.ts";
import { day, forge, now, pki, primitives, shapes } from "../attestation/forge.ts";
import { genuine, genuineNitroNow, genuineNow } from "../attestation/genuine.ts";
import { goldenOthers } from "../attestation/golden-others.ts";
import { type DeepCheck, type DeepOptions, type DeepResult, SeededNumbers } from "./deep.ts";
import { essenceOf } from "./evidence-essence.ts";
import { essenceOfOther } from "./evidence-essence-others.ts";
import { mutate } from "./evidence-mutations.ts";
import { mutateOther, type OtherEvidence } from "./evidence-mutations-others.ts";

export const evidence: DeepCheck = {
  name: "evidence",
  unit: "mutations of evidence",
  full: 100_000,
  slice: 600,
  run,
};

interface Original {
  readonly name: string;
  readonly evidence: Evidence;
  readonly root: Uint8Array;
  readonly now: number;
  readonly essence: readonly string[];
  /** What it says, as verified. */
  readonly says: string;
}

/** Once the numbers are this large, every way of refusing that matters must have been met. */
const codesMin = 12;

async function run({ seed, count, progress }: DeepOptions): Promise<DeepResult> {
  const numbers = new SeededNumbers(seed);
  const originals = await Promise.all(sources().map(async (source) => ({ ...source, ...(await readOf(source)) })));
  const donors = [...originals.map((original) => original.evidence), ...strangers()];
  const [intel, others] = [donors.filter(isIntel), donors.filter(isOther)];
  const signed = new Set(donors.flatMap(essenceOfAny));
  const codes = new Map<string, number>();
  let done = 0;
  let accepted = 0;
  while (done < count) {
    const original = numbers.pick(originals);
    const bytes = isIntel(original.evidence)
      ? mutate(original.evidence, numbers, intel)
      : mutateOther(original.evidence, numbers, others);
    if (bytes === undefined) continue;
    const code = await verdict(original, bytes, signed).catch((error: unknown) => {
      throw new Error(`mutation ${done} of seed ${seed}: ${String(error)}: ${bytesToHex(bytes)}`, { cause: error });
    });
    if (code === undefined) accepted += 1;
    else codes.set(code, (codes.get(code) ?? 0) + 1);
    done += 1;
    if (done % 100 === 0) progress?.(done);
  }
  if (accepted === 0) throw new Error("not one other spelling was accepted: something refuses everything");
  if (codes.size < codesMin) throw new Error(`only ${[...codes.keys()].join(", ")} were met`);
  return { count: done, figures: { originals: originals.length, accepted, codes: codes.size } };
}

/**
 * @param signed every part of any evidence that somebody signed.
 * @returns the code with which it was refused, or nothing if nothing in it is new.
 */
async function verdict(
  original: Original,
  bytes: Uint8Array,
  signed: ReadonlySet<string>,
): Promise<string | undefined> {
  const { root, now: at, essence, says, name } = original;
  let changed: Evidence;
  let verified: Verified;
  try {
    changed = decodeEvidence(bytes);
    verified = await verify(changed, { roots: [root], now: at, primitives });
  } catch (error) {
    if (error instanceof AttestationError) return error.code;
    throw error;
  }
  const parts = essenceOfAny(changed);
  if (!parts.every((part) => signed.has(part))) throw new Error(`${name} was accepted with what nobody signed`);
  const same = parts.every((part, i) => part === essence[i]);
  if (same && saying(verified) !== says) throw new Error(`${name} says something else in another spelling`);
  return undefined;
}

const isOther = (evidence: Evidence): evidence is OtherEvidence =>
  evidence.kind === "sev-snp" || evidence.kind === "nitro";

const isIntel = (evidence: Evidence): evidence is IntelEvidence => !isOther(evidence);

const essenceOfAny = (evidence: Evidence): readonly string[] =>
  isOther(evidence) ? essenceOfOther(evidence) : essenceOf(evidence);

function sources(): readonly Omit<Original, "essence" | "says">[] {
  const forged = shapes.map((shape) => ({ name: shape, evidence: forge({ shape }), root: pki.root.certificate, now }));
  // Written down, because what AMD's scheme signs is never the same twice.
  const ours = [...forged, ...goldenOthers];
  if (genuine.missing !== undefined) return ours;
  const vendors = (["tdx", "sgx"] as const).map((kind) => ({ name: `genuine ${kind}`, evidence: genuine[kind]() }));
  const nitro = genuine.nitro();
  return [
    ...ours,
    ...vendors.map((source) => ({ ...source, root: intelRoot, now: genuineNow })),
    { name: "genuine nitro", evidence: nitro, root: rootOf(nitro), now: genuineNitroNow },
  ];
}

/** Evidence that is good elsewhere, or was good once: its parts are signed, only not for this. */
const strangers = (): readonly Evidence[] => [
  forge({ pki: otherPki }),
  forge({ pki: otherPki, shape: "sgx3" }),
  forge({ window: { issued: now - 60 * day, expires: now - 30 * day } }),
  forge({ revoked: ["pck"] }),
  forge({ td: { reportData: new Uint8Array(64) } }),
];

async function readOf(source: Omit<Original, "essence" | "says">): Promise<Pick<Original, "essence" | "says">> {
  const options = { roots: [source.root], now: source.now, primitives };
  return { essence: essenceOfAny(source.evidence), says: saying(await verify(source.evidence, options)) };
}

const saying = (verified: Verified): string =>
  JSON.stringify({ ...verified, reportData: bytesToHex(verified.reportData) });
