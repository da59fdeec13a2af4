/** Every bench: what it is called, what it measures, and how it runs. What needs a peer is imported when it runs. */
import type { Options } from "./options.ts";
import type { Sight } from "./probe/sight.ts";
import type { Report, Row } from "./report.ts";
import type { System } from "./systems.ts";

export type Measured = Pick<Report, "rows" | "ratios">;

export interface Bench {
  /** One line of the usage text. */
  readonly about: string;
  run(options: Options): Promise<Measured>;
}

export const benches = {
  join: {
    about: "from the call to the first view: attested, resumed, and on the peers",
    run: async (options) => {
      const { joinRatios, measureJoins } = await import("./join.ts");
      const rows = await eachSystem(options, measureJoins);
      return { rows, ratios: joinRatios(rows) };
    },
  },
  dot4: {
    about: "many rooms with two bots each: processor, memory, latency from move to view",
    run: async (options) => {
      const [{ dot4Ratios, measureDot4 }, { kept }] = await Promise.all([import("./dot4.ts"), import("./systems.ts")]);
      const rows = await eachSystem(options, async (system, sight) => [
        { ...(await measureDot4(system, options)), ...sight },
        ...(system.system === kept.system ? [await measureDot4(kept, options)] : []),
      ]);
      return { rows, ratios: dot4Ratios(rows) };
    },
  },
  contract: {
    about: "one move as a call of a contract, as a transaction on an EVM, and as a remark on Substrate",
    run: async (options) => (await import("./contract.ts")).measureContract(options),
  },
  rmrk: {
    about: "the RMRK consolidator: remarks per second, memory, snapshots at many remarks",
    run: async (options) => (await import("./rmrk.ts")).measureRmrk(options),
  },
  verify: {
    about: "one TDX quote: ours and the verifiers on npm, in Node and in Chromium, cold and warm, and their sizes",
    run: async (options) => (await import("./verify.ts")).measureVerify(options),
  },
  encode: {
    about: "rows of entities to every viewer's bytes: ours, and @colyseus/schema with views",
    run: async (options) => (await import("./encode.ts")).measureEncode(options),
  },
  fanout: {
    about:
      "one room, everybody moves and sees sixty: processor time by part, bytes, lateness; ours and Colyseus with views",
    run: async (options) => (await import("./fanout.ts")).measureFanout(options),
  },
  soak: {
    about: "one room of five hundred for twenty minutes: memory, and how long ticks take, by fifths of the time",
    run: async (options) => (await import("./soak.ts")).measureSoak(options),
  },
  hub: {
    about: "two hundred players living in the hub for ten minutes: memory, ticks, what they do, by fifths of the time",
    run: async (options) => (await import("./hub.ts")).measureHub(options),
  },
  engine: {
    about: "the same work in plain V8 and in the sandbox's engines, hardened and not; and rooms as a worker has them",
    run: async (options) => (await import("./engine.ts")).measureEngine(options),
  },
  neighbours: {
    about: "how late the rooms beside a hostile contract are",
    run: async (options) => (await import("./neighbours.ts")).measureNeighbours(options),
  },
  threads: {
    about: "the same busy rooms in one thread of a worker, in two, and so on: what they get done",
    run: async (options) => (await import("./threads.ts")).measureThreads(options),
  },
  log: {
    about: "actions that become durable: how many a second, and how long each waits, in SQLite and in PostgreSQL",
    run: async (options) => (await import("./log.ts")).measureLog(options),
  },
  recovery: {
    about: "hundreds of rooms whose worker, gateway or both are killed: until they are back, and until players go on",
    run: async (options) => (await import("./recovery.ts")).measureRecovery(options),
  },
  mint: {
    about:
      "awards to items on a chain: in a block, in a second, until proven; beside it rmrk, and chain with chopsticks",
    run: async (options) => (await import("./mint.ts")).measureMint(options),
  },
  chain: {
    about: "the development chain and chopsticks on one runtime: start, empty blocks, remarks per second",
    run: async (options) => (await import("./chain.ts")).measureChain(options),
  },
  move: {
    about: "how long players wait for an answer while their room goes to another worker",
    run: async (options) => (await import("./move.ts")).measureMoves(options),
  },
  client: {
    about: "the world's page in headless Chromium: first frame, cost of a frame by crowd and quality, heap, bytes",
    run: async (options) => (await import("./client.ts")).measureClient(options),
  },
  frames: {
    about: "the world's page on this machine's graphics card: frames a second by crowd, quality and screen",
    run: async (options) => (await import("./frames.ts")).measureFrames(options),
  },
} satisfies Record<string, Bench>;

export type BenchName = keyof typeof benches;
export const benchNames = Object.keys(benches) as BenchName[];

/** Ours and the peers that host rooms, one after the other, each after a look at who sees what. */
async function eachSystem(
  options: Options,
  measure: (system: System, sight: Sight, options: Options) => Promise<Row[]>,
): Promise<Row[]> {
  const [{ systems }, { look }, { progress }] = await Promise.all([
    import("./systems.ts"),
    import("./probe/sight.ts"),
    import("./progress.ts"),
  ]);
  const rows: Row[] = [];
  for (const system of systems) {
    if (options.only !== undefined && system.system !== options.only) continue;
    progress(`${options.bench}: ${system.name}: who sees what`);
    rows.push(...(await measure(system, await look(system), options)));
  }
  return rows;
}
