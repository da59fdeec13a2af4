/**
 * One run: a room, its players, two workers and two gateways under everything that can happen to them, drawn from a seed.
 * The same seed is the same story.
 */
import { lineageId } from "#protocol/manifest.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { ChainId } from "#protocol/store.ts";
import type { Environment } from "#client/environment.ts";
import { memoryEvaluations } from "#client/evaluations.ts";
import type { Transport } from "#client/transport.ts";
import { memoryWitnessStore, type WitnessStore } from "#client/witness-store.ts";
import { sodiumSuite } from "#enclave/channel/suite.ts";
import type { Platform } from "#enclave/platform/platform.ts";
import type { Call } from "#contract/abi.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { Lineage } from "#enclave/vault/lineages.ts";
import type { Suite } from "#protocol/suite.ts";
import { decodeWitness } from "#protocol/witness.ts";
import { policy, verifiedFrom } from "../client/place.ts";
import { VirtualTime } from "../client/virtual-time.ts";
import { SeededNumbers } from "../deep/deep.ts";
import { Disk } from "../support/memory-store.ts";
import { Archive } from "./archive.ts";
import { Bot, quickAccount } from "./bot.ts";
import { SimulatedGateway } from "./gateway.ts";
import { fairWeather, type Weather } from "./mischief.ts";
import { Oracle } from "./oracle.ts";
import { UnrulyStore } from "./unruly-store.ts";
import { SimulatedWorker } from "./worker.ts";

export const world = new Uint8Array(32).fill(9);
const lineageKey = new Uint8Array(32).fill(5);

const platform: Platform = {
  info: () => Promise.resolve({ name: "unsigned", hardware: false, label: "signs nothing" }),
  quote: (reportData) => Promise.resolve(reportData),
  deriveKey: () => Promise.resolve(new Uint8Array(32)),
};

/** Bytes that a client draws for the numbers of its moves. */
const windowLength = 2;

let suite: Suite | undefined;
const accounts = [1, 2, 3, 4].map((number) => quickAccount(new Uint8Array(32).fill(number)));

export interface StorySetup {
  readonly seed: number;
  readonly contract: LoadedContract;
  /** Whether two workers may believe to have the room at the same time; otherwise one is gone before the next begins. */
  readonly split: boolean;
}

export class Story {
  readonly time = new VirtualTime();
  readonly numbers: SeededNumbers;
  /** For the numbers of moves. Drawn apart, so that seeds which were kept tell the stories that they told. */
  readonly windows: SeededNumbers;
  readonly oracle: Oracle;
  readonly archive = new Archive();
  readonly contract: LoadedContract;
  readonly lineage: Lineage;
  readonly gateways: readonly SimulatedGateway[];
  readonly bots: Bot[] = [];
  /** What was ever shown to somebody; the first is where an honest host keeps everything. */
  readonly disks: Disk[] = [new Disk()];
  /** Which disk each gateway shows. */
  readonly shown: number[] = [0, 0];
  weather: Weather = fairWeather();
  workers: (SimulatedWorker | undefined)[] = [undefined, undefined];
  /** Worker and gateway that players are led to. */
  route = { worker: 0, gateway: 0 };
  room!: RoomId;
  readonly #suite: Suite;
  readonly #split: boolean;
  readonly #lines = new Map<Bot, { cut(): void }>();
  #started = 0;

  private constructor({ seed, contract, split }: StorySetup, withSuite: Suite) {
    this.numbers = new SeededNumbers(seed);
    this.windows = new SeededNumbers(seed ^ 0x5eed);
    this.oracle = new Oracle(this.time, contract.manifest.presence);
    this.contract = observed(contract, (call) => this.oracle.called(call));
    this.#suite = withSuite;
    this.#split = split;
    this.lineage = { contract: contract.hash, lineage: lineageId(world, contract.hash), key: lineageKey };
    const setup = { time: this.time, numbers: this.numbers, weather: () => this.weather };
    this.gateways = [0, 1].map(
      (i) =>
        new SimulatedGateway(
          setup,
          new UnrulyStore({
            ...setup,
            disk: () => this.disks[this.shown[i]!]!,
            stored: (append) => this.archive.add(append),
          }),
        ),
    );
  }

  /** Everybody is there and the room is kept. */
  static async begin(setup: StorySetup): Promise<Story> {
    suite ??= await sodiumSuite();
    const story = new Story(setup, suite);
    story.startWorker(0);
    story.room = await story.time.until(story.workers[0]!.create(setup.contract.manifest.name));
    const { max } = setup.contract.manifest.players;
    for (let i = 0; i < max; i++) story.#newBot(`player ${i}`, "play");
    if (story.numbers.below(4) === 0) story.#newBot("watcher", "watch");
    for (const bot of story.bots) await story.time.until(bot.come());
    await story.time.pass(500);
    return story;
  }

  random = (length: number): Uint8Array => this.numbers.bytes(length).slice();

  get chain(): ChainId {
    return [...this.disks[0]!.chains.keys()].find((name) => name.startsWith(`room-${this.room}-`))!;
  }

  /** A new process in the place of one that is gone. */
  startWorker(i: number): void {
    const { time, contract, lineage, random, oracle } = this;
    if (!this.#split) {
      this.killWorker(1 - i);
      this.route = { ...this.route, worker: i };
    }
    this.workers[i] = new SimulatedWorker({
      name: `worker ${(this.#started += 1)}`,
      time,
      suite: this.#suite,
      world,
      platform,
      contracts: [contract],
      lineages: [lineage],
      random,
      observer: oracle,
    });
    this.connect();
  }

  killWorker(i: number): void {
    const worker = this.workers[i];
    if (worker === undefined) return;
    worker.kill();
    this.oracle.event("killed");
    for (const gateway of this.gateways) gateway.cut(worker, this.numbers.below(20), 0);
    this.workers[i] = undefined;
  }

  /** Every gateway reaches every worker again. */
  connect(): void {
    for (const worker of this.workers) {
      if (worker === undefined) continue;
      for (const gateway of this.gateways) gateway.connect(worker);
    }
  }

  cutLine(bot: Bot): void {
    this.#lines.get(bot)?.cut();
  }

  #newBot(name: string, want: "play" | "watch"): void {
    const i = this.bots.length;
    const account = accounts[i % accounts.length]!;
    const { contract } = this;
    const bot: Bot = new Bot(
      name,
      this.#environment(),
      {
        room: this.room,
        world,
        contract: contract.hash,
        policy,
        account: want === "watch" ? quickAccount(new Uint8Array(32).fill(77)) : account,
        want,
        witnesses: this.#witnesses(() => bot),
        transport: this.#transport(() => bot),
        timeouts: { ping: 2000, pong: 3000, answer: 8000, pauseMax: 3000 },
        freeze: false,
      },
      this.oracle,
      this.numbers,
    );
    this.bots.push(bot);
  }

  #transport(who: () => Bot): Transport {
    return {
      open: async (room, receiver, signal) => {
        await new Promise<void>((resolve) => this.time.after(this.numbers.below(10), resolve));
        signal?.throwIfAborted();
        const { worker, gateway } = this.route;
        const line = this.gateways[gateway]!.open(this.workers[worker], room, receiver);
        this.#lines.set(who(), line);
        return line;
      },
    };
  }

  /** What this player's device keeps, whatever else is closed on it. */
  #witnesses(who: () => Bot): WitnessStore {
    const store = memoryWitnessStore();
    return {
      load: (key) => store.load(key),
      keep: async (key, witness) => {
        await store.keep(key, witness);
        if (witness !== undefined) this.oracle.remembers(who(), decodeWitness(witness));
      },
    };
  }

  #environment(): Environment {
    const { time, numbers, windows } = this;
    return {
      now: time.now,
      wallTime: () => 1_750_000_000_000 + time.now(),
      after: time.after,
      randomBytes: (length) => (length === windowLength ? windows.bytes(length).slice() : this.random(length)),
      jitter: () => numbers.below(1000) / 1000,
      suite: this.#suite,
      verify: (evidence) => Promise.resolve(verifiedFrom(evidence)),
      evaluations: memoryEvaluations(),
      origin: null,
    };
  }
}

/** The same contract, and somebody who sees its calls. */
function observed(contract: LoadedContract, called: (call: Call) => void): LoadedContract {
  const watch = (instance: Instance): Instance => ({
    call: (call) => {
      called(call);
      return instance.call(call);
    },
    get usage() {
      return instance.usage;
    },
    tables: () => instance.tables(),
    fingerprint: () => instance.fingerprint(),
    snapshot: () => instance.snapshot(),
    close: () => instance.close(),
  });
  return {
    manifest: contract.manifest,
    engine: contract.engine,
    hash: contract.hash,
    instantiate: () => watch(contract.instantiate()),
    restore: (snapshot) => watch(contract.restore(snapshot)),
  };
}
