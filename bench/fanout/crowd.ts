/** The process with all clients: they join, walk at twenty steps a second, and count; some of them read, and say how late. */
import { answer, report } from "../processes/child.ts";
import { percentile } from "../statistics.ts";
import type { OurAddress } from "./our-field.ts";
import { withoutEncryption } from "./plain-cipher.ts";
import { tickMs, Way } from "./steering.ts";
import type { Field, Probe, Walker } from "./walker.ts";

export interface CrowdAddress extends OurAddress {
  readonly system: "phatroom" | "phatroom without encryption" | "phatroom, far rows at 5 Hz" | "colyseus";
  readonly players: number;
  readonly probes: number;
}

export interface Counted {
  readonly frames: number;
  readonly bytes: number;
  readonly visible: number;
  readonly latencies: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Inputs that were said, over those that were due. */
  readonly said: number;
}

/** Joining at once. */
const joiningMax = 8;
/** A slice of the crowd speaks each time, so that nobody speaks at the same moment as all others. */
const sliceMs = 2;

let walkers: Walker[] = [];
let probes: Probe[] = [];
let ways: Way[] = [];
let latencies: number[] = [];
let timer: NodeJS.Timeout | undefined;
let said = 0;
let from = 0;

answer({
  async enter({ players, probes: probing, ...address }: CrowdAddress) {
    const field = await fieldAt(address);
    ways = Array.from({ length: players }, (_, i) => new Way(i));
    let next = 0;
    const join = async (): Promise<void> => {
      while (next < players) {
        const number = next++;
        // Spread over the crowd: who joins last has as much company as who joined first.
        if (probes.length < probing && number % Math.floor(players / probing) === 0) {
          const probe = await field.probe(number);
          probes.push(probe);
          walkers.push(probe);
          watch(probe);
        } else {
          walkers.push(await field.join(number));
        }
        if (walkers.length % 50 === 0) report(`${walkers.length} of ${players} have joined`);
      }
    };
    await Promise.all(Array.from({ length: joiningMax }, join));
  },

  play() {
    let spoken = 0;
    const began = performance.now();
    const paced = [...walkers.keys()].filter((number) => walkers[number]!.take !== undefined);
    timer = setInterval(() => {
      const due = Math.floor(((performance.now() - began) / tickMs) * walkers.length);
      // What was missed is not made up for with a burst.
      spoken = Math.max(spoken, due - walkers.length);
      for (; spoken < due; spoken++) {
        if (walkers[spoken % walkers.length]!.take === undefined) speak(spoken % walkers.length);
      }
      for (const number of paced) {
        for (let left = walkers[number]!.take!(performance.now()); left > 0; left--) speak(number);
      }
    }, sliceMs);
  },

  reset() {
    latencies = [];
    said = 0;
    from = performance.now();
    for (const { received } of walkers) received.frames = received.bytes = 0;
  },

  counted(): Counted {
    const sum = (of: (walker: Walker) => number): number => walkers.reduce((total, walker) => total + of(walker), 0);
    return {
      frames: sum(({ received }) => received.frames),
      bytes: sum(({ received }) => received.bytes),
      visible: probes.reduce((total, { visible }) => total + visible, 0) / probes.length,
      latencies: latencies.length,
      p50: percentile(latencies, 50),
      p99: percentile(latencies, 99),
      max: percentile(latencies, 100),
      said: said / (((performance.now() - from) / tickMs) * walkers.length),
    };
  },

  leave() {
    clearInterval(timer);
    for (const walker of walkers) walker.close();
    [walkers, probes, ways] = [[], [], []];
  },
});

async function fieldAt({ system, ...address }: Omit<CrowdAddress, "players" | "probes">): Promise<Field> {
  if (system === "colyseus") return (await import("./peer/field.ts")).colyseusField(address.url);
  if (system === "phatroom without encryption") withoutEncryption();
  return (await import("./our-field.ts")).ourField(address);
}

/** By walker: when each aim was said that has not been seen yet. */
const waiting = new Map<Walker, Map<number, number>>();

function speak(number: number): void {
  const walker = walkers[number]!;
  const steering = ways[number]!.next();
  waiting.get(walker)?.set(steering.aim, performance.now());
  said += 1;
  walker.steer(steering);
}

function watch(probe: Probe): void {
  const sent = new Map<number, number>();
  waiting.set(probe, sent);
  probe.onHeading((aim) => {
    const at = sent.get(aim);
    if (at === undefined) return;
    latencies.push(performance.now() - at);
    // Those before it were overtaken, and are never seen.
    for (const earlier of sent.keys()) {
      sent.delete(earlier);
      if (earlier === aim) break;
    }
  });
}
