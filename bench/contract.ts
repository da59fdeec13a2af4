/**
 * One move of Dot4 as a call of a contract in the sandbox, as a transaction of a smart contract on a local EVM node, and as
 * a remark on a local Substrate chain.
 *
 * One caller, no network, no consensus, no enclave: what each engine takes for the same drop under the same rules. Every
 * board is compared with what the rules say. A remark is the exception: a chain keeps it and computes nothing.
 */
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import type { Player } from "../contracts/sdk/abi.ts";
import type { Board, View } from "../contracts/dot4/dot4.ts";
import { buildContract } from "../server/cli/build-contract.ts";
import { contractEngine } from "../server/enclave/sandbox/engine.ts";
import type { Instance, LoadedContract } from "../server/enclave/sandbox/sandbox.ts";
import { boardAfter, byRole, scriptLength, writeScript, type Script } from "./bots/script.ts";
import type { Measured } from "./benches.ts";
import type { Options } from "./options.ts";
import { RemarkChain } from "./chain/remarks.ts";
import { blockGasLimit, Dot4Chain } from "./peers/evm/chain.ts";
import { progress } from "./progress.ts";
import { ratiosTo, type Row } from "./report.ts";
import { percentile, rounded } from "./statistics.ts";

const gamesMeasured = 100;
const gamesQuick = 10;
/** Remarks that are put into a block together. */
const remarksTogether = 1000;
const remarksTogetherQuick = 100;
/** Played before anything counts: code is compiled by then. */
const gamesBefore = 5;

const entries = [
  { name: "phatroom, TypeScript", entry: "../contracts/dot4/dot4.ts" },
  { name: "phatroom, AssemblyScript", entry: "../contracts/dot4/assembly/dot4.ts" },
] as const;

/** Seconds between blocks: of a Substrate chain, and of Ethereum. */
const blockTimes = [6, 12] as const;

/** A function that plays one drop; it is timed. */
interface Game {
  drop(index: number): Promise<void> | void;
  board(): Promise<Board> | Board;
}

export async function measureContract({ quick }: Options): Promise<Measured> {
  const games = quick ? gamesQuick : gamesMeasured;
  const scripts = Array.from({ length: gamesBefore + games }, (_, number) => writeScript(number, scriptLength));
  const rows: Row[] = [];
  const engine = await contractEngine();
  for (const { name, entry } of entries) {
    progress(`contract: ${name}`);
    const { bundle } = await buildContract(fileURLToPath(new URL(entry, import.meta.url)));
    const loaded = await engine.load(bundle);
    rows.push(await measured(name, scripts, (script) => new SandboxedGame(loaded, script, false)));
    rows.push(
      await measured(`${name}, with three views`, scripts, (script) => new SandboxedGame(loaded, script, true)),
    );
  }
  const chain = await Dot4Chain.start();
  const gas: number[] = [];
  let opened = 0;
  progress("contract: EVM, a block for each move");
  const mined = await measured("EVM, a block for each move", scripts, (script) =>
    ChainGame.open(chain, opened++, script, gas),
  );
  const gasPerMove = Math.round(gas.reduce((sum, one) => sum + one, 0) / gas.length);
  rows.push({ ...mined, gas_per_move: gasPerMove });
  progress("contract: EVM, computed only");
  rows.push(await measured("EVM, computed only", scripts, (script) => TriedGame.open(chain, opened++, script)));
  rows.push(
    ...blockTimes.map((seconds) =>
      publicChain(`a public chain, ${seconds} s blocks`, seconds, blockGasLimit / gasPerMove),
    ),
  );
  rows.push(...(await remarks(scripts, quick)));
  const ratios = entries.flatMap(({ name }) => Object.entries(ratiosTo(rows, name, "moves_per_s")));
  return { rows, ratios: Object.fromEntries(ratios.filter(([key]) => /EVM|chain|Substrate/.test(key))) };
}

/** Times every drop of every game, and checks the boards. */
async function measured(
  name: string,
  scripts: readonly Script[],
  open: (script: Script) => Promise<Game> | Game,
): Promise<Row> {
  const times: number[] = [];
  for (const [number, script] of scripts.entries()) {
    const game = await open(script);
    for (let i = 0; i < script.drops.length; i++) {
      const start = performance.now();
      const pending = game.drop(i);
      // Awaiting what is no promise would count a turn of the event loop.
      if (pending !== undefined) await pending;
      if (number >= gamesBefore) times.push((performance.now() - start) * 1000);
    }
    if (!isDeepStrictEqual(await game.board(), boardAfter(script, script.drops.length))) {
      throw new Error(`${name}: the board of game ${number} is not what the rules say`);
    }
  }
  const total = times.reduce((sum, time) => sum + time, 0);
  return {
    name,
    moves: times.length,
    moves_per_s: Math.round((times.length / total) * 1e6),
    p50_us: percentile(times, 50),
    p99_us: percentile(times, 99),
  };
}

/** The moves of a few games, each in a block of its own, then many in one. */
async function remarks(scripts: readonly Script[], quick: boolean): Promise<Row[]> {
  const drops = scripts.flatMap((script) => script.drops);
  const chain = await RemarkChain.start();
  try {
    progress("contract: Substrate, a block for each remark");
    const each = (await chain.sign(drops.slice(0, quick ? 20 : 300))).map((one) => [one]);
    const alone = await blocks("Substrate, a block for each remark", chain, each);
    const together = quick ? remarksTogetherQuick : remarksTogether;
    progress(`contract: Substrate, ${together} remarks in a block`);
    const many: (readonly string[])[] = [];
    for (let i = 0; i < (quick ? 1 : 5); i++) many.push(await chain.sign(drops.slice(0, together)));
    const crowded = await blocks(`Substrate, ${together} remarks in a block`, chain, many);
    await chain.finish();
    const most = await chain.mostInABlock(drops[0]!);
    const publicly = blockTimes.map((seconds) =>
      publicChain(`a public Substrate chain, ${seconds} s blocks`, seconds, most),
    );
    return [alone, crowded, ...publicly];
  } finally {
    await chain.stop();
  }
}

/** A move is answered by its block, and waits for all of it. */
async function blocks(name: string, chain: RemarkChain, signed: readonly (readonly string[])[]): Promise<Row> {
  const times: number[] = [];
  for (const together of signed) {
    const start = performance.now();
    await chain.mine(together);
    times.push((performance.now() - start) * 1000);
  }
  const moves = signed.reduce((sum, { length }) => sum + length, 0);
  const total = times.reduce((sum, time) => sum + time, 0);
  return {
    name,
    moves,
    moves_per_s: Math.round((moves / total) * 1e6),
    p50_us: percentile(times, 50),
    p99_us: percentile(times, 99),
  };
}

/** What a block every so often makes of it, for all games of the world together. */
const publicChain = (name: string, seconds: number, movesInABlock: number): Row => ({
  name,
  moves_per_s: rounded(movesInABlock / seconds),
  // A move waits half a block on average for one, and is answered by it.
  p50_us: (seconds / 2) * 1e6,
  p99_us: seconds * 0.99 * 1e6,
  computed: true,
});

const seats: readonly Player[] = [
  { id: "a".repeat(32), seat: 0 },
  { id: "b".repeat(32), seat: 1 },
];
const key = new Uint8Array(32).fill(1);

class SandboxedGame implements Game {
  readonly #instance: Instance;
  readonly #script: Script;
  readonly #views: boolean;
  readonly #beginner: 0 | 1;

  constructor(contract: LoadedContract, script: Script, views: boolean) {
    this.#instance = contract.instantiate();
    this.#script = script;
    this.#views = views;
    this.#instance.call({ call: "open", tick: 0, key, options: { clock: "30" } });
    for (const player of seats) this.#instance.call({ call: "join", tick: 1, key, player });
    this.#beginner = this.#spectated().turn!;
    for (const role of [0, 1] as const) this.#move(role, script.bombs[role]);
  }

  drop(index: number): void {
    this.#move(index % 2, this.#script.drops[index]!);
    if (this.#views) this.#see();
  }

  board(): Board {
    const { board } = this.#spectated();
    this.#instance.close();
    return byRole(board, this.#beginner);
  }

  #move(role: number, move: Script["bombs"][0] | Script["drops"][number]): void {
    const player = seats[role === 0 ? this.#beginner : 1 - this.#beginner]!;
    const answer = this.#instance.call({ call: "move", tick: 2, player, move });
    if (answer.answer !== "done" || answer.reason !== null) throw new Error("a legal move was refused");
  }

  #see(): readonly unknown[] {
    const viewers = [
      ...seats.map((player) => ({ kind: "player" as const, ...player })),
      { kind: "spectator" as const },
    ];
    const answer = this.#instance.call({ call: "view", tick: 2, viewers });
    return answer.answer === "views" ? answer.views : [];
  }

  #spectated(): View {
    return this.#see()[2] as View;
  }
}

/** Seats are roles here: the beginner sits on 0. */
class ChainGame implements Game {
  readonly #chain: Dot4Chain;
  readonly #id: number;
  readonly #script: Script;
  readonly #gas: number[];

  private constructor(chain: Dot4Chain, id: number, script: Script, gas: number[]) {
    this.#chain = chain;
    this.#id = id;
    this.#script = script;
    this.#gas = gas;
  }

  static async open(chain: Dot4Chain, id: number, script: Script, gas: number[]): Promise<ChainGame> {
    await chain.open(id, [script.bombs[0].bombs, script.bombs[1].bombs]);
    return new ChainGame(chain, id, script, gas);
  }

  async drop(index: number): Promise<void> {
    const { side, line } = this.#script.drops[index]!;
    this.#gas.push(await this.#chain.drop(this.#id, index % 2, side, line));
  }

  board(): Promise<Board> {
    return this.#chain.board(this.#id);
  }
}

/** Each first drop of a new game again and again: nothing is kept, so there is no second. */
class TriedGame implements Game {
  readonly #chain: Dot4Chain;
  readonly #id: number;
  readonly #script: Script;

  private constructor(chain: Dot4Chain, id: number, script: Script) {
    this.#chain = chain;
    this.#id = id;
    this.#script = script;
  }

  static async open(chain: Dot4Chain, id: number, script: Script): Promise<TriedGame> {
    await chain.open(id, [script.bombs[0].bombs, script.bombs[1].bombs]);
    return new TriedGame(chain, id, script);
  }

  drop(): Promise<void> {
    const { side, line } = this.#script.drops[0]!;
    return this.#chain.tryDrop(this.#id, 0, side, line);
  }

  /** Nothing was kept, so the rules say what they say. */
  board(): Board {
    return boardAfter(this.#script, this.#script.drops.length);
  }
}
