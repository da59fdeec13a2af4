/** Many players at one place, from one process of this machine: who gets in, how soon they are answered, what they are sent. */
import { readFile } from "node:fs/promises";
import { colyseusTransport } from "#client/colyseus-transport.ts";
import { realEnvironment, type Environment } from "#client/environment.ts";
import { createRoom, info } from "#client/lobby.ts";
import { isLoopback } from "#client/loopback.ts";
import { CountedTransport } from "#client/traffic.ts";
import type { VerifyEvidence } from "#client/verify-evidence.ts";
import type { Policy } from "#attestation/policy.ts";
import { sodiumSuite } from "#enclave/channel/suite.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import type { HostedContract } from "#protocol/control.ts";
import { isRoomId, type RoomId } from "#protocol/identity.ts";
import { inputFormatOf, type InputFormat } from "#protocol/input-row.ts";
import { checkManifest, lineageId } from "#protocol/manifest.ts";
import { QuestionError } from "../verify-place.ts";
import { codeOf, Visitor } from "./visitor.ts";

export interface LoadPlan {
  readonly url: string;
  readonly policy: Policy;
  /** Name of a contract that the place hosts. */
  readonly contract: string;
  /** Of the same contract, as `phatroom build` wrote it: what players may do. Missing: they only ping. */
  readonly manifest?: string | undefined;
  readonly players: number;
  /** In one room; default: as many as it takes. */
  readonly perRoom?: number | undefined;
  /** An existing room for all of them. */
  readonly room?: string | undefined;
  /** After the last one has joined. */
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
}

export interface LoadReport {
  readonly contract: string;
  readonly rooms: number;
  readonly players: number;
  readonly joined: number;
  /** Who did not get in, by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Who got in and was lost, by code. */
  readonly lost: Readonly<Record<string, number>>;
  /** Whether inputs were pushed, or pings only. */
  readonly pushed: boolean;
  /** Of joining, in ms; null if nobody did. */
  readonly joinP50Ms: number | null;
  readonly joinP99Ms: number | null;
  /** Answers within the measured time, and how long they took. */
  readonly answers: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** For each player, within the measured time. */
  readonly messagesPerSecond: number;
  readonly bytesReceivedPerSecond: number;
  readonly bytesSentPerSecond: number;
  /** What these clients used of one core: near 1 it is them who are slow. */
  readonly ownCoreShare: number;
}

export const loadLimits = { players: 10_000, seconds: 3600 } as const;

/** Joining at once. */
const joiningMax = 8;
/** Players act in slices, so that not all say something at the same moment. */
const sliceMs = 5;

/** @throws QuestionError, ClientError if the place cannot be asked at all. @param progress is told how far it is. */
export async function runLoad(plan: LoadPlan, progress: (text: string) => void): Promise<LoadReport> {
  const load = new Load(plan, await lookAround(plan), progress);
  try {
    await load.join();
    return await load.measure();
  } finally {
    load.leave();
  }
}

interface Surroundings {
  readonly world: Uint8Array;
  readonly hosted: HostedContract;
  readonly input: InputFormat | undefined;
}

/** A load says nothing about who can be believed: world and rules are those that the place names. */
async function lookAround({ url, contract, manifest, players, seconds, room }: LoadPlan): Promise<Surroundings> {
  if (!URL.canParse(url)) throw new QuestionError(`${url} is no address`);
  if (!(players >= 1 && players <= loadLimits.players)) throw new QuestionError(`1 to ${loadLimits.players} players`);
  if (!(seconds >= 1 && seconds <= loadLimits.seconds)) throw new QuestionError(`1 to ${loadLimits.seconds} seconds`);
  if (room !== undefined && !isRoomId(room)) throw new QuestionError(`${room} is no room`);
  const { ready } = await info(url);
  if (ready === null) throw new QuestionError("this place has no worker at the moment");
  const hosted = ready.contracts.find(({ name }) => name === contract);
  if (hosted === undefined) {
    const names = ready.contracts.map(({ name }) => name).join(", ") || "nothing";
    throw new QuestionError(`this place does not host ${contract}; it hosts ${names}`);
  }
  return { world: hexToBytes(ready.world), hosted, input: await inputIn(manifest, contract) };
}

async function inputIn(file: string | undefined, contract: string): Promise<InputFormat | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(file, "utf8").catch(() => {
    throw new QuestionError(`${file} cannot be read`);
  });
  let manifest;
  try {
    manifest = checkManifest(JSON.parse(text));
  } catch {
    throw new QuestionError(`${file} is no manifest`);
  }
  if (manifest.name !== contract) throw new QuestionError(`${file} is the manifest of ${manifest.name}`);
  return inputFormatOf(manifest);
}

class Load {
  readonly #plan: LoadPlan;
  readonly #around: Surroundings;
  readonly #progress: (text: string) => void;
  readonly #visitors: Visitor[] = [];
  readonly #transports: CountedTransport[] = [];
  readonly #rooms: { readonly room: RoomId; free: number }[] = [];
  readonly #refused = new Map<string, number>();
  readonly #lost = new Map<string, number>();
  readonly #joinMs: number[] = [];
  #answers: number[] = [];
  #acting: NodeJS.Timeout | undefined;
  #environment: Environment | undefined;
  #opening: Promise<void> = Promise.resolve();

  constructor(plan: LoadPlan, around: Surroundings, progress: (text: string) => void) {
    this.#plan = plan;
    this.#around = around;
    this.#progress = progress;
  }

  /** Everybody comes, some at a time; those who are in act already. */
  async join(): Promise<void> {
    const real = realEnvironment();
    this.#environment = { ...real, suite: await sodiumSuite(), verify: once(real.verify) };
    this.#acting = setInterval(() => this.#act(), sliceMs);
    const { players, signal } = this.#plan;
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < players && signal?.aborted !== true) {
        next += 1;
        await this.#joinOne();
        if (next % 50 === 0) this.#progress(`${this.#visitors.length} of ${players} have joined`);
      }
    };
    await Promise.all(Array.from({ length: joiningMax }, work));
  }

  async measure(): Promise<LoadReport> {
    const { seconds, signal, players } = this.#plan;
    this.#progress(`${this.#visitors.length} of ${players} have joined; measuring for ${seconds} s`);
    this.#answers = [];
    const before = this.#sums();
    const spentBefore = process.cpuUsage();
    const from = performance.now();
    for (let second = 0; second < seconds && signal?.aborted !== true; second++) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    const passed = (performance.now() - from) / 1000;
    const { user, system } = process.cpuUsage(spentBefore);
    const after = this.#sums();
    const each = (sum: (sums: Sums) => number): number =>
      (sum(after) - sum(before)) / passed / Math.max(1, this.#visitors.length);
    return {
      contract: this.#plan.contract,
      rooms: this.#rooms.length,
      players,
      joined: this.#visitors.length,
      refused: Object.fromEntries(this.#refused),
      lost: Object.fromEntries(this.#lost),
      pushed: this.#around.input !== undefined,
      joinP50Ms: percentile(this.#joinMs, 50),
      joinP99Ms: percentile(this.#joinMs, 99),
      answers: this.#answers.length,
      p50Ms: percentile(this.#answers, 50),
      p99Ms: percentile(this.#answers, 99),
      messagesPerSecond: each(({ messages }) => messages),
      bytesReceivedPerSecond: each(({ received }) => received),
      bytesSentPerSecond: each(({ sent }) => sent),
      ownCoreShare: (user + system) / 1e6 / passed,
    };
  }

  leave(): void {
    clearInterval(this.#acting);
    for (const visitor of this.#visitors) visitor.leave();
  }

  async #joinOne(): Promise<void> {
    const { url, policy } = this.#plan;
    const { world, hosted, input } = this.#around;
    const contract = hexToBytes(hosted.hash);
    const transport = new CountedTransport(colyseusTransport(url));
    const from = performance.now();
    try {
      const visitor = await Visitor.come({
        room: await this.#place(),
        world,
        contract,
        lineage: lineageId(world, contract),
        policy,
        loopback: isLoopback(url),
        environment: this.#environment!,
        transport,
        input,
        answered: (ms) => void this.#answers.push(ms),
        lost: (code) => add(this.#lost, code),
      });
      this.#joinMs.push(performance.now() - from);
      this.#visitors.push(visitor);
      this.#transports.push(transport);
    } catch (error) {
      add(this.#refused, codeOf(error));
    }
  }

  /** A place in a room, made where there is none. */
  async #place(): Promise<RoomId> {
    const { url, contract, room: given } = this.#plan;
    if (given !== undefined) {
      if (this.#rooms.length === 0) this.#rooms.push({ room: given as RoomId, free: 0 });
      return given as RoomId;
    }
    const { max } = this.#around.hosted.players;
    const seats = Math.max(1, Math.min(max, this.#plan.perRoom ?? max));
    // One after the other: all who wait for a room would otherwise make one each.
    const opened = this.#opening.then(async () => {
      if ((this.#rooms.at(-1)?.free ?? 0) > 0) return;
      this.#rooms.push({ room: await createRoom(url, { contract }), free: seats });
    });
    this.#opening = opened.catch(() => undefined);
    await opened;
    const last = this.#rooms.at(-1)!;
    if (last.free === 0) return this.#place();
    last.free -= 1;
    return last.room;
  }

  #acted = 0;
  #actedAt = performance.now();

  /** Everybody says something once a tick; what was missed is not made up for. */
  #act(): void {
    const visitors = this.#visitors;
    const [first] = visitors;
    const now = performance.now();
    if (first === undefined) {
      this.#actedAt = now;
      return;
    }
    // A ping once a second is what a client sends that has nothing else to say.
    const perSecond = this.#around.input === undefined ? 1 : first.hz;
    const due = Math.min(visitors.length, Math.floor(((now - this.#actedAt) / 1000) * perSecond * visitors.length));
    if (due === 0) return;
    this.#actedAt = now;
    for (let i = 0; i < due; i++) visitors[this.#acted++ % visitors.length]!.act();
  }

  #sums(): Sums {
    return {
      messages: this.#visitors.reduce((sum, { messages }) => sum + messages, 0),
      received: this.#transports.reduce((sum, { received }) => sum + received.bytes, 0),
      sent: this.#transports.reduce((sum, { sent }) => sum + sent.bytes, 0),
    };
  }
}

interface Sums {
  readonly messages: number;
  readonly received: number;
  readonly sent: number;
}

const add = (counts: Map<string, number>, code: string): void => void counts.set(code, (counts.get(code) ?? 0) + 1);

/** By nearest rank; null of nothing. */
function percentile(samples: readonly number[], percent: number): number | null {
  if (samples.length === 0) return null;
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!;
}

/** All of these clients share one machine: evidence that is the same is verified once. */
function once(verify: VerifyEvidence): VerifyEvidence {
  const known = new Map<string, ReturnType<VerifyEvidence>>();
  return (bytes, policy, now) => {
    const key = bytesToHex(bytes);
    let verified = known.get(key);
    if (verified === undefined) known.set(key, (verified = verify(bytes, policy, now)));
    return verified;
  };
}
