/** Many players at one place, from one process of this machine: who gets in, how soon they are answered, what they are sent. */
import { colyseusTransport } from "#client/colyseus-transport.ts";
import { realEnvironment, type Environment } from "#client/environment.ts";
import { isLoopback } from "#client/loopback.ts";
import { CountedTransport } from "#client/traffic.ts";
import type { VerifyEvidence } from "#client/verify-evidence.ts";
import { sodiumSuite } from "#enclave/channel/suite.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { lookAround, type LoadPlan, type Surroundings } from "./plan.ts";
import { count, percentile, type LoadReport } from "./report.ts";
import { Rooms } from "./rooms.ts";
import { codeOf, Visitor } from "./visitor.ts";

/** Joining at once. */
const joiningMax = 8;
/** Players act in slices, so that not all say something at the same moment. */
const sliceMs = 5;
/** Between two words about how far it is. */
const progressMs = 5000;

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

class Load {
  readonly #plan: LoadPlan;
  readonly #around: Surroundings;
  readonly #progress: (text: string) => void;
  readonly #rooms: Rooms;
  readonly #visitors: Visitor[] = [];
  readonly #transports: CountedTransport[] = [];
  readonly #refused = new Map<string, number>();
  readonly #lost = new Map<string, number>();
  readonly #joinMs: number[] = [];
  #answers: number[] = [];
  #acting: NodeJS.Timeout | undefined;
  #environment: Environment | undefined;
  #acted = 0;
  #actedAt = performance.now();

  constructor(plan: LoadPlan, around: Surroundings, progress: (text: string) => void) {
    this.#plan = plan;
    this.#around = around;
    this.#progress = progress;
    this.#rooms = new Rooms(plan, around);
  }

  get #interrupted(): boolean {
    return this.#plan.signal?.aborted === true;
  }

  /** Everybody comes, some at a time; those who are in act already. */
  async join(): Promise<void> {
    const real = realEnvironment();
    this.#environment = { ...real, suite: await sodiumSuite(), verify: once(real.verify) };
    this.#acting = setInterval(() => this.#act(), sliceMs);
    const saying = setInterval(() => this.#progress(this.#attendance()), progressMs);
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < this.#plan.players && !this.#interrupted) {
        next += 1;
        await this.#joinOne();
      }
    };
    await Promise.all(Array.from({ length: joiningMax }, work));
    clearInterval(saying);
  }

  async measure(): Promise<LoadReport> {
    this.#progress(`${this.#attendance()}; measuring for ${this.#plan.seconds} s`);
    this.#answers = [];
    const before = this.#sums();
    const spentBefore = process.cpuUsage();
    const from = performance.now();
    await this.#wait(from);
    const seconds = Math.max(0.001, (performance.now() - from) / 1000);
    const { user, system } = process.cpuUsage(spentBefore);
    const after = this.#sums();
    const each = (sum: (sums: Sums) => number): number =>
      (sum(after) - sum(before)) / seconds / Math.max(1, this.#visitors.length);
    const shields = this.#visitors.map(({ shield }) => shield);
    return {
      contract: this.#plan.contract,
      rooms: this.#rooms.size,
      players: this.#plan.players,
      joined: this.#visitors.length,
      refused: Object.fromEntries(this.#refused),
      lost: Object.fromEntries(this.#lost),
      verified: shields.length === 0 ? null : shields.every((shield) => shield?.accepted === true),
      development: shields.some((shield) => shield?.development === true),
      did: this.#around.bots.does,
      interrupted: this.#interrupted,
      seconds,
      joinP50Ms: percentile(this.#joinMs, 50),
      joinP99Ms: percentile(this.#joinMs, 99),
      answers: this.#answers.length,
      p50Ms: percentile(this.#answers, 50),
      p99Ms: percentile(this.#answers, 99),
      framesPerSecond: each(({ frames }) => frames),
      bytesReceivedPerSecond: each(({ received }) => received),
      bytesSentPerSecond: each(({ sent }) => sent),
      ownCoreShare: seconds < 1 ? 0 : (user + system) / 1e6 / seconds,
    };
  }

  leave(): void {
    clearInterval(this.#acting);
    for (const visitor of this.#visitors) visitor.leave();
  }

  /** Until the time is over, nobody is left, or somebody has had enough. */
  async #wait(from: number): Promise<void> {
    const { seconds } = this.#plan;
    let said = from;
    let answered = 0;
    for (;;) {
      const now = performance.now();
      const left = from + seconds * 1000 - now;
      if (left <= 0 || this.#interrupted || this.#here === 0) return;
      if (now - said >= progressMs) {
        const fresh = this.#answers.slice(answered);
        const p99 = percentile(fresh, 99);
        const answers = p99 === null ? "no answers" : `p99 of the last answers ${p99.toFixed(1)} ms`;
        this.#progress(`${Math.round((now - from) / 1000)} of ${seconds} s: ${this.#here} are there, ${answers}`);
        [said, answered] = [now, this.#answers.length];
      }
      await new Promise((resolve) => setTimeout(resolve, Math.min(left, 100)));
    }
  }

  get #here(): number {
    return this.#visitors.length - sumOf(this.#lost);
  }

  #attendance(): string {
    const refused = sumOf(this.#refused);
    const others = refused === 0 ? "" : `, ${refused} could not`;
    return `${this.#visitors.length} of ${this.#plan.players} have joined${others}`;
  }

  async #joinOne(): Promise<void> {
    const { url, policy } = this.#plan;
    const { world, hosted, lineage, bots } = this.#around;
    const contract = hexToBytes(hosted.hash);
    const transport = new CountedTransport(colyseusTransport(url));
    const from = performance.now();
    try {
      const visitor = await Visitor.come({
        room: await this.#rooms.next(),
        world,
        contract,
        lineage,
        policy,
        loopback: isLoopback(url),
        environment: this.#environment!,
        transport,
        bots,
        answered: (ms) => void this.#answers.push(ms),
        lost: (code) => count(this.#lost, code),
      });
      this.#joinMs.push(performance.now() - from);
      this.#visitors.push(visitor);
      this.#transports.push(transport);
    } catch (error) {
      count(this.#refused, codeOf(error));
    }
  }

  /** Everybody does something when it is time; what was missed is not made up for. */
  #act(): void {
    const visitors = this.#visitors;
    const [first] = visitors;
    const now = performance.now();
    if (first === undefined) {
      this.#actedAt = now;
      return;
    }
    const { bots } = this.#around;
    // A ping once a second is what a client sends that has nothing else to say.
    const perSecond = bots.does === "push" ? first.hz : bots.does === "move" ? bots.perSecond : 1;
    const perMs = (perSecond * visitors.length) / 1000;
    const due = Math.floor((now - this.#actedAt) * perMs);
    if (due === 0) return;
    this.#actedAt = due > visitors.length ? now : this.#actedAt + due / perMs;
    for (let i = Math.min(due, visitors.length); i > 0; i--) visitors[this.#acted++ % visitors.length]!.act();
  }

  #sums(): Sums {
    const of = (number: (transport: CountedTransport) => number): number =>
      this.#transports.reduce((sum, transport) => sum + number(transport), 0);
    return {
      frames: of(({ received }) => received.messages),
      received: of(({ received }) => received.bytes),
      sent: of(({ sent }) => sent.bytes),
    };
  }
}

interface Sums {
  readonly frames: number;
  readonly received: number;
  readonly sent: number;
}

const sumOf = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, one) => sum + one, 0);

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
