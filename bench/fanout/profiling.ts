/**
 * Where a process's time goes: samples of the engine's profiler, each given to the part of the system that the innermost
 * function that has one belongs to. It makes the process a little slower, and so it has a window of its own.
 */
import { writeFileSync } from "node:fs";
import { Session, type Profiler } from "node:inspector/promises";

export const parts = [
  "rules",
  "interest",
  "encoding",
  "encryption",
  "link",
  "sending",
  "receiving",
  "garbage",
  "other",
] as const;
export type Part = (typeof parts)[number];
export type Parts = Readonly<Record<Part, number>>;

/** By file; the first that fits. What no file here is called by belongs to whoever called it. */
const files: readonly (readonly [RegExp, Part])[] = [
  [/enclave\/(sandbox\/|room\/(rules|checkpoint|course|views)\.ts)/, "rules"],
  [/entities\/(sight|row-index)\.ts/, "interest"],
  [/(enclave\/room\/entities|protocol\/entities)\/|protocol\/(frame|message)\.ts|@colyseus\/schema\//, "encoding"],
  [/sodium|protocol\/(noise-state|channel|suite)\.ts|@noble\//, "encryption"],
  [/protocol\/link\.ts|enclave\/(link-server|gateways)\.ts|gateway\/(link-socket|enclave-link)\.ts/, "link"],
  [/ws\/lib\/sender\.js/, "sending"],
  [/ws\/lib\/(receiver|buffer-util|validation)\.js|ws\/lib\/websocket\.js/, "receiving"],
  [/gateway\/relay-(seat|room)\.ts|gateway\/token-buckets/, "other"],
  [/enclave\/(gate|room-desk|worker)\.ts/, "other"],
];

/** By function, before files. */
const functions: Readonly<Record<string, Part>> = {
  "(garbage collector)": "garbage",
  "#look": "interest",
  "#step": "rules",
  onStreamRead: "receiving",
  // Of `RelaySeat`, and of Colyseus when it sends what was encoded.
  frame: "sending",
  raw: "sending",
};

/** How often it is looked, in µs. */
const intervalUs = 250;

const session = new Session();
let before = process.cpuUsage();

/** Answers of a process that can be profiled. */
export const profiling = {
  async profile() {
    session.connect();
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: intervalUs });
    before = process.cpuUsage();
    await session.post("Profiler.start");
  },
  /** Milliseconds of processor time of each part since then. */
  async profiled(): Promise<Parts> {
    const { user, system } = process.cpuUsage(before);
    const { profile } = await session.post("Profiler.stop");
    session.disconnect();
    const folder = process.env["FANOUT_PROFILES"];
    if (folder !== undefined) writeFileSync(`${folder}/${process.pid}.cpuprofile`, JSON.stringify(profile));
    return partsOf(profile, (user + system) / 1000);
  },
};

/** @param spentMs what the process used. Samples alone count time in which it had no core, too. */
function partsOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, spentMs: number): Parts {
  const parents = new Map<number, Profiler.ProfileNode>();
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const partOf = (node: Profiler.ProfileNode | undefined): Part => {
    for (let at = node; at !== undefined; at = parents.get(at.id)) {
      const part = ownPart(at.callFrame);
      if (part !== undefined) return part;
    }
    return "other";
  };
  const sums = Object.fromEntries(parts.map((part) => [part, 0])) as Record<Part, number>;
  samples.forEach((id, i) => {
    const node = byId.get(id)!;
    const { functionName, url } = node.callFrame;
    // Nor is it of interest how long it takes to begin.
    if (functionName !== "(idle)" && url !== "node:inspector") sums[partOf(node)] += timeDeltas[i]!;
  });
  const all = parts.reduce((sum, part) => sum + sums[part], 0);
  for (const part of parts) sums[part] *= spentMs / all;
  return sums;
}

function ownPart({ functionName, url }: Profiler.ProfileNode["callFrame"]): Part | undefined {
  if (Object.hasOwn(functions, functionName)) return functions[functionName];
  return files.find(([file]) => file.test(url))?.[1];
}
