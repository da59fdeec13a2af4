/**
 * Two rooms of one contract that are told the same things at the same moments, with different secrets, and compared
 * after every boundary for everybody who may not know the difference.
 */
import { isDeepStrictEqual } from "node:util";
import { wireTables, type WireTable } from "#protocol/entities/layout.ts";
import type { Value } from "#protocol/value.ts";
import { compareHost, compareViewer, tracesOf, wordsOf } from "./comparison.ts";
import { Entitlements, type Knows } from "./entitlements.ts";
import type { Observed } from "./observed.ts";
import type { Participant } from "./participant.ts";
import { SecrecyError, type Leak, type Repeat } from "./secrecy-error.ts";
import { Stage } from "./stage.ts";

export interface TwinsSetup {
  /** Loads the contract for one of the rooms. @param changed called with the state after every call that may have changed it. */
  readonly observe: (changed: (state: unknown) => void) => Observed;
  readonly options: { readonly [name: string]: string };
  readonly seeds: readonly [first: string, second: string];
  readonly knows: Knows;
  /** Whether servers outside may learn secrets. */
  readonly outsideKnows: boolean;
  readonly repeat: Repeat;
}

/** The same client in both rooms. */
export type Pair = readonly [first: Participant, second: Participant];

/** Fields of an input row. */
export interface Wanted {
  readonly [field: string]: number;
}

/** The same move of somebody who knew of no difference: the answers have to agree. */
interface Question {
  readonly pair: Pair;
  readonly numbers: readonly [number, number];
}

export class Twins {
  readonly #setup: TwinsSetup;
  readonly #observed: readonly [Observed, Observed];
  readonly #stages: readonly [Stage, Stage];
  readonly #pairs: Pair[] = [];
  readonly #entitlements: Entitlements;
  readonly #tables: readonly WireTable[];
  /** Whether the two rooms' timing and phase have only differed where that was hidden from everybody. */
  #hostCompared: boolean;
  /** Whether what was asked outside has only differed where everybody knows why, which nobody has needed so far. */
  #outsideCompared = true;
  /** Whether the states have differed while a viewer was compared. */
  varied = false;
  /** Frames compared since then: before, there is nothing to tell apart. */
  readonly compared = { players: 0, spectators: 0, host: 0 };
  /** What was done since the last boundary. */
  #inputs = 0;
  #question: Question | undefined;
  /** The second room's state is not what its log says any more. */
  #redealt = false;

  constructor(setup: TwinsSetup) {
    const { options, seeds } = setup;
    this.#setup = setup;
    this.#entitlements = new Entitlements(setup.knows);
    const observed = (i: 0 | 1): Observed => setup.observe((state) => this.#entitlements.note(i, state));
    this.#observed = [observed(0), observed(1)];
    const stage = (i: 0 | 1): Stage => new Stage({ contract: this.#observed[i].loaded, options, seed: seeds[i] });
    this.#stages = [stage(0), stage(1)];
    this.#tables = wireTables(this.first.room.manifest.tables);
    this.#hostCompared = this.first.room.manifest.frameBytes > 0;
    this.#compare();
  }

  get first(): Stage {
    return this.#stages[0];
  }

  get pairs(): readonly Pair[] {
    return this.#pairs;
  }

  get now(): number {
    return this.first.now;
  }

  /** Whether both rooms have ended. */
  get ended(): boolean {
    return this.#stages.every(({ room }) => room.phase === "ended");
  }

  /** Whether anybody is still compared. */
  get watched(): boolean {
    return this.#hostCompared || this.viewersWatched;
  }

  /** Whether anybody but the host is. */
  get viewersWatched(): boolean {
    return this.#entitlements.anySame;
  }

  invite(want: "play" | "watch"): Pair {
    const pair: Pair = [this.#stages[0].invite(want), this.#stages[1].invite(want)];
    this.#pairs.push(pair);
    return pair;
  }

  /** Does the same in both rooms. */
  both(pair: Pair, act: (stage: Stage, who: Participant) => void): void {
    this.#inputs += 1;
    this.#stages.forEach((stage, i) => act(stage, pair[i as 0 | 1]));
    this.#compare();
  }

  /** One move each. */
  move(pair: Pair, first: Value, second: Value): void {
    this.#inputs += 1;
    const numbers = [this.#stages[0].move(pair[0], first), this.#stages[1].move(pair[1], second)] as const;
    const alike = this.#entitlements.isSame(pair[0].viewer) && isDeepStrictEqual(first, second);
    this.#question = alike ? { pair, numbers } : undefined;
    this.#compare();
  }

  /** One input row each. */
  push(pair: Pair, first: Wanted, second: Wanted): void {
    this.#inputs += 1;
    this.#stages[0].push(pair[0], first);
    this.#stages[1].push(pair[1], second);
    this.#compare();
  }

  /** Changes what is hidden in the second room. */
  redeal(change: (state: unknown) => void): void {
    const { state, inside } = this.#observed[1];
    inside(() => change(state()));
    this.#redealt = true;
    this.#entitlements.changedByHand();
    this.#settle();
  }

  /** Puts both rooms to sleep if nobody is connected. */
  sleep(): void {
    // Waking up repeats the log.
    if (this.#redealt) return;
    for (const { room } of this.#stages) room.sleep();
  }

  /** Lets time pass in both, boundary by boundary. */
  advance(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const next = Math.min(until, ...this.#stages.map(({ room }) => room.dueAt));
      const ran = this.#stages.map((stage) => stage.advance(next));
      this.#checkAnswers();
      this.#compare();
      if (next >= until && !ran.includes(true)) return;
    }
  }

  // Comparing

  #compare(): void {
    this.#checkFaults();
    this.#settle();
    const [first, second] = [this.#stages[0].takeDeliveries(), this.#stages[1].takeDeliveries()];
    for (const pair of this.#pairs) {
      if (!this.#entitlements.isSame(pair[0].viewer)) continue;
      const got = first.filter(({ to }) => to === pair[0]);
      const leak = compareViewer(
        nameOf(pair[0]),
        got,
        second.filter(({ to }) => to === pair[1]),
        this.#tables,
      );
      if (leak !== undefined) this.#fail("leak", leak);
      if (!this.varied) continue;
      const frames = got.reduce((sum, delivery) => sum + delivery.frames.length, 0);
      this.compared[typeof pair[0].seat === "number" ? "players" : "spectators"] += frames;
    }
    this.#compareQuestions();
    this.#compareUses();
    this.#compareHost(first, second);
  }

  /** What contracts ask is no frame: also where frames are of any size, it must not tell what only some may know. */
  #compareQuestions(): void {
    const [first, second] = [this.#stages[0].takeQuestions(), this.#stages[1].takeQuestions()];
    if (!this.#outsideCompared) return;
    const { outsideKnows } = this.#setup;
    const differs = (seenIn: typeof tracesOf): readonly [string | undefined, string | undefined] | undefined => {
      const [a, b] = [seenIn(first), seenIn(second)];
      const at = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).find((i) => a[i] !== b[i]);
      return at === undefined ? undefined : [a[at], b[at]];
    };
    const trace = differs(tracesOf);
    const words = outsideKnows ? undefined : differs(wordsOf);
    if (trace === undefined && words === undefined) return;
    if (!this.#entitlements.publicSame) {
      this.#outsideCompared = false;
      return;
    }
    const code = trace === undefined ? "leak" : "host-trace";
    const [to, where] =
      trace === undefined ? ["a server outside", "a request"] : ["the host", "when whom is asked how much"];
    const [a, b] = (trace ?? words)!;
    this.#fail(code, { to, atMs: this.now, where, first: a, second: b });
  }

  /** What is used up everybody reads on the chain. */
  #compareUses(): void {
    const [first, second] = [this.#stages[0].takeUses(), this.#stages[1].takeUses()].map((uses) =>
      JSON.stringify(uses),
    );
    if (first === second || !this.#outsideCompared) return;
    if (!this.#entitlements.publicSame) this.#outsideCompared = false;
    else this.#fail("leak", { to: "everybody", atMs: this.now, where: "an item that is used up", first, second });
  }

  /**
   * Whether a move is refused, and why, must follow from what its player knows. Asked before entitlements are settled:
   * a refusal changes nothing, an acceptance may change what everybody knows.
   */
  #checkAnswers(): void {
    const [question, inputs] = [this.#question, this.#inputs];
    this.#question = undefined;
    this.#inputs = 0;
    // Somebody else's move at the same boundary may have made the difference.
    if (question === undefined || inputs !== 1) return;
    const { pair, numbers } = question;
    const [first, second] = [pair[0].outcomes.get(numbers[0]), pair[1].outcomes.get(numbers[1])];
    if (first === second) return;
    const said = (reason: string | null | undefined): string | undefined => (reason === null ? "accepted" : reason);
    const where = "whether or why a move is refused";
    this.#fail("leak", { to: nameOf(pair[0]), atMs: this.now, where, first: said(first), second: said(second) });
  }

  #compareHost(first: ReturnType<Stage["takeDeliveries"]>, second: ReturnType<Stage["takeDeliveries"]>): void {
    if (!this.#hostCompared) return;
    const [a, b] = this.#stages;
    const host = { to: "the host", atMs: this.now };
    const [dueA, dueB] = [a.room.dueAt, b.room.dueAt];
    if (dueA !== dueB) {
      // What everybody knows may make one room act earlier than the other.
      if (!this.#entitlements.publicSame) this.#hostCompared = false;
      else
        this.#fail("host-trace", {
          ...host,
          where: "when the room acts next",
          first: `${dueA} ms`,
          second: `${dueB} ms`,
        });
    }
    const [listingA, listingB] = [JSON.stringify(a.listing), JSON.stringify(b.listing)];
    if (listingA !== listingB) {
      if (!this.#entitlements.publicSame) this.#hostCompared = false;
      else
        this.#fail("host-trace", {
          to: "the host",
          atMs: this.now,
          where: "the listing",
          first: listingA,
          second: listingB,
        });
    }
    if (!this.#hostCompared) return;
    const leak = compareHost(first, second);
    if (leak !== undefined) this.#fail("host-trace", leak);
    if (this.varied) this.compared.host += first.reduce((sum, delivery) => sum + delivery.frames.length, 0);
  }

  #checkFaults(): void {
    const faults = this.#stages.flatMap((stage) => stage.faults);
    if (faults.length > 0)
      throw new SecrecyError("fault", `The contract faulted:\n${faults.join("\n")}`, this.#setup.repeat);
  }

  #settle(): void {
    for (const [{ viewer }] of this.#pairs) if (viewer?.kind === "player") this.#entitlements.seat(viewer);
    const [first, second] = this.#observed;
    this.#entitlements.settle(this.#observed);
    const differs = (): boolean =>
      !isDeepStrictEqual(first.state(), second.state()) || Buffer.compare(first.tables(), second.tables()) !== 0;
    this.varied ||= this.viewersWatched && differs();
  }

  #fail(code: "leak" | "host-trace", leak: Leak): never {
    throw SecrecyError.ofLeak(code, leak, this.#setup.repeat);
  }
}

const nameOf = ({ seat }: Participant): string =>
  typeof seat === "number" ? `seat ${seat}` : seat === null ? "a spectator" : "somebody not admitted";
