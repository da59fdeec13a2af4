/**
 * The secrecy test: a room runs twice on the same inputs but with different secrets, and whoever may not know the
 * difference must get the same bytes at the same moments.
 *
 * It finds leaks of value, number, length, presence, order and time, whichever way they take: views, messages, awards,
 * refusals, results, roster and status; for players, spectators, those who come late and those who come back.
 */
import type { AnyContract, Contract, Random, Viewer } from "#contract/contract.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { SeenRow } from "./seen-rows.ts";
import { Script, type Players } from "./script.ts";
import { SecrecyError, type Repeat } from "./secrecy-error.ts";
import { seeded } from "./seeded.ts";
import { observe, observeCompiled, type CompiledContract } from "./observed.ts";
import { Twins, type TwinsSetup } from "./twins.ts";

export interface SecrecyOptions<State, Move, View> {
  /**
   * The secrets this viewer is entitled to now (components may be read here, as in a rule), as one value: what is the viewer's own, what the rules have shown so far,
   * what was drawn openly. A viewer is compared for as long as this has been the same in both runs.
   *
   * Write it from the rules, not from `view`. Leave out what follows from the moves (turn, clock, score, how many cards a
   * hand has): it has to be the same by itself, and naming it would excuse a leak through it.
   */
  readonly knows: (state: State, viewer: Viewer) => unknown;
  /**
   * A move for this seat, judged from its own view; null if it has to wait. Legal mostly: now and then one that is not
   * shows what a refusal tells.
   */
  readonly move: (o: {
    readonly view: View;
    /** The rows of a component that the seat sees, by the component's name. */
    readonly rows: (component: string) => readonly SeenRow[];
    readonly seat: number;
    readonly random: Random;
  }) => Move | null;
  /**
   * The same move with another secret in it, for the second run; null if nothing in it is secret. `view` is what the
   * seat sees in the first run, `other` in the second: there it may hold other cards.
   */
  readonly vary?: (o: {
    readonly move: Move;
    readonly view: View;
    readonly other: View;
    readonly seat: number;
    readonly random: Random;
  }) => Move | null;
  /**
   * In contracts with an input: what this seat wants from now on, as an input row; null if nothing changes. `view` is
   * undefined before there is one.
   */
  readonly push?: (o: {
    readonly view: View | undefined;
    readonly rows: (component: string) => readonly SeenRow[];
    readonly seat: number;
    readonly random: Random;
  }) => { readonly [field: string]: number } | null;
  /** The same input row with another secret in it, for the second run; null if nothing in it is secret. */
  readonly varyPush?: (o: {
    readonly wanted: { readonly [field: string]: number };
    readonly seat: number;
    readonly random: Random;
  }) => { readonly [field: string]: number } | null;
  /**
   * Changes the second run's state into another that this viewer may not tell from the first: other cards in other hands,
   * another order of the deck. Done once, somewhere in a game. The sharpest of the three where secrets are dealt.
   */
  readonly redeal?: (o: { readonly state: State; readonly viewer: Viewer; readonly random: Random }) => void;
  /**
   * Whether servers that the contract asks may learn secrets: the author trusts them. Then what the host sees of requests
   * is compared, and not what they say. Default false: they may know what everybody may.
   */
  readonly outsideKnows?: boolean;
  /** Give the second run other randomness: other decks, other dice. Default: only if nothing else varies. */
  readonly varySeed?: boolean;
  /** Random steps in all, over as many games as they take. Default 2,000. */
  readonly steps?: number;
  /** Players who are there from the beginning. Default: as many as it takes to begin. */
  readonly players?: number;
  /** Steps after which a game that has not ended is left. Default 300. */
  readonly stepsPerGame?: number;
  /** Other seed, other games. Default "secrecy". */
  readonly seed?: string;
  /** Play only the game with this number: to repeat a failure. */
  readonly game?: number;
  /** The room's options; by default every game draws its own. */
  readonly options?: { readonly [name: string]: string };
  /** Called after each game with the steps done so far. */
  readonly progress?: (steps: number) => void;
  /** Plays through this engine; plain Node runs beside it. */
  readonly engine?: LoadedContract;
}

export interface SecrecyReport {
  readonly seed: string;
  readonly games: number;
  readonly steps: number;
  /** Games in which the two runs held different states while a viewer was compared. */
  readonly gamesVaried: number;
  /** Frames compared while the states differed: byte by byte for players and spectators, by moment, order and size for the host. */
  readonly framesCompared: { readonly players: number; readonly spectators: number; readonly host: number };
}

/**
 * Plays random games of two runs each.
 *
 * @throws SecrecyError "leak", "host-trace", "fault", or "vacuous" when nothing was tested.
 */
export function secrecyTest<State, Move, View>(
  contract: Contract<State, Move, View>,
  o: SecrecyOptions<State, Move, View>,
): SecrecyReport {
  const { options = {} } = contract;
  const players = seatsOf(contract.players, o.players);
  const observed: Subject["observe"] = (changed) => observe(contract as AnyContract, o.engine, changed);
  return playGames({ players, options, observe: observed }, o);
}

/**
 * The same for a contract that is compiled. What it holds besides rows is not seen: `knows` and `redeal` read and write
 * components, and there is no state.
 *
 * @throws SecrecyError as `secrecyTest`.
 */
export function secrecyTestCompiled<Move, View>(
  contract: CompiledContract,
  o: Omit<SecrecyOptions<undefined, Move, View>, "engine">,
): SecrecyReport {
  const { options, ...manifest } = contract.loaded.manifest;
  const players = seatsOf(manifest.players, o.players);
  const observed: Subject["observe"] = (changed) => observeCompiled(contract, () => changed(undefined));
  return playGames({ players, options, observe: observed }, o);
}

/** Seats of the room, and how many of them are taken from the beginning. */
interface Seats {
  readonly first: number;
  readonly max: number;
}

const seatsOf = ({ min, max }: { readonly min: number; readonly max: number }, wanted = min): Seats => ({
  first: Math.max(min, wanted),
  max,
});

/** What is tested. */
interface Subject {
  readonly players: Seats;
  readonly options: { readonly [name: string]: readonly string[] };
  readonly observe: TwinsSetup["observe"];
}

function playGames<State, Move, View>(subject: Subject, o: SecrecyOptions<State, Move, View>): SecrecyReport {
  const { seed = "secrecy", steps: stepsWanted = 2000 } = o;
  const compared = { players: 0, spectators: 0, host: 0 };
  let [games, steps, gamesVaried] = [0, 0, 0];
  for (let game = o.game ?? 0; steps < stepsWanted && (o.game === undefined || games === 0); game++) {
    const { twins, stepsDone } = playGame(subject, o, { seed, game }, stepsWanted - steps);
    steps += stepsDone;
    games += 1;
    o.progress?.(steps);
    if (twins.varied) gamesVaried += 1;
    for (const who of ["players", "spectators", "host"] as const) compared[who] += twins.compared[who];
  }
  const last = { seed, game: games - 1 };
  if (gamesVaried === 0) throw new SecrecyError("vacuous", "No secret ever differed between the two runs.", last);
  if (compared.players + compared.spectators === 0) throw new SecrecyError("vacuous", "Nobody was compared.", last);
  return { seed, games, steps, gamesVaried, framesCompared: compared };
}

/** A redeal happens before this step. */
const redealBefore = 30;

/** Steps played on after the end: people still come and look. */
const stepsAfterEnd = 5;

/** Steps played on when only the host is compared any more. */
const stepsForHost = 10;

function playGame<State, Move, View>(
  subject: Subject,
  o: SecrecyOptions<State, Move, View>,
  repeat: Repeat,
  stepsMax: number,
): { readonly twins: Twins; readonly stepsDone: number } {
  const name = `${repeat.seed}/${repeat.game}`;
  const random = seeded("game", name);
  const differs = random.shuffle(waysToDiffer(o))[0];
  const twins = new Twins({
    observe: subject.observe,
    options: o.options ?? drawOptions(subject, random),
    seeds: [name, differs === "seed" ? `${name}/other` : name],
    knows: (state, viewer) => o.knows(state as State, viewer),
    outsideKnows: o.outsideKnows ?? false,
    repeat,
  });
  // The erased types are the author's own: views come from this contract, moves go to it.
  const { move, vary = (): null => null, push, varyPush } = o;
  const players = { move, vary, ...(push && { push }), ...(varyPush && { varyPush }) } as unknown as Players;
  const script = new Script(twins, players, differs === "moves" ? drawHolders(subject, random) : new Set(), random);
  script.begin(subject.players.first);
  const redealAt = differs === "state" ? random.below(redealBefore) : undefined;
  const stepsLeft = Math.min(stepsMax, o.stepsPerGame ?? 300);
  let [stepsDone, afterEnd, forHost] = [0, 0, 0];
  while (stepsDone < stepsLeft && afterEnd < stepsAfterEnd && forHost < stepsForHost && twins.watched) {
    script.step();
    if (stepsDone === redealAt) redeal(twins, o, random);
    stepsDone += 1;
    if (twins.ended) afterEnd += 1;
    if (!twins.viewersWatched) forHost += 1;
  }
  return { twins, stepsDone };
}

type Difference = "moves" | "state" | "seed";

function waysToDiffer(o: {
  readonly vary?: unknown;
  readonly varyPush?: unknown;
  readonly redeal?: unknown;
  readonly varySeed?: boolean;
  readonly engine?: unknown;
}): Difference[] {
  const ways: Difference[] = [];
  if (o.vary !== undefined || o.varyPush !== undefined) ways.push("moves");
  // An engine hides its state.
  if (o.redeal !== undefined && o.engine === undefined) ways.push("state");
  if (o.varySeed ?? ways.length === 0) ways.push("seed");
  return ways;
}

function redeal<State, Move, View>(twins: Twins, o: SecrecyOptions<State, Move, View>, random: Random): void {
  const viewers = twins.pairs.map(([{ viewer }]) => viewer).filter((viewer) => viewer !== undefined);
  const { redeal: change } = o;
  if (viewers.length === 0 || change === undefined) return;
  const viewer = viewers[random.below(viewers.length)]!;
  twins.redeal((state) => change({ state: state as State, viewer, random }));
}

function drawOptions({ options }: Subject, random: Random): { readonly [name: string]: string } {
  const chosen: Record<string, string> = {};
  for (const [name, values] of Object.entries(options)) chosen[name] = values[random.below(values.length)]!;
  return chosen;
}

/** One seat holds the secret, so that all others are compared; now and then all hold one, and spectators are. */
function drawHolders({ players }: Subject, random: Random): ReadonlySet<number> {
  const seats = Array.from({ length: players.max }, (_, seat) => seat);
  return new Set(random.below(4) === 0 ? seats : [random.below(players.first)]);
}
