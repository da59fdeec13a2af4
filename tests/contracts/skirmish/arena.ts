/** Skirmish in the sandbox, tick by tick, with its rows to look at and to set: for tests of its rules. */
import { fileURLToPath } from "node:url";
import type { Answer, Call, Effect } from "#contract/abi.ts";
import { RoomTables } from "#contract/room-tables.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import * as components from "../../../contracts/skirmish/components.ts";
import { decide, fieldOf, nothing, type Wanted } from "../../../contracts/skirmish/bot.ts";
import { checkOf, makeField, type Field } from "../../../contracts/skirmish/field.ts";
import type { View } from "../../../contracts/skirmish/terms.ts";
import { bundleOf } from "../../support/bundles.ts";

const { Fighter, Find, Gear, Push, Shot } = components;
const entry = fileURLToPath(new URL("../../../contracts/skirmish/assembly/skirmish.ts", import.meta.url));

export const skirmishContract = async (): Promise<LoadedContract> =>
  (await contractEngine()).load(await bundleOf(entry));

/** Rows of a component that are in use. */
export function rowsOf({ live }: { readonly live: { indexOf(value: number, from?: number): number } }): number[] {
  const rows: number[] = [];
  for (let row = live.indexOf(1); row !== -1; row = live.indexOf(1, row + 1)) rows.push(row);
  return rows;
}

export const rowOf = (seat: number): number =>
  Fighter.owner.findIndex((own, row) => own === seat && Fighter.live[row] === 1);

export const playerIn = (seat: number) => ({ id: seat.toString(16).padStart(32, "0"), seat });

export class Arena {
  readonly effects: Effect[] = [];
  tick = 0;
  readonly #instance: Instance;
  readonly #seed: number;
  readonly #random: () => number;
  readonly #wanted = new Map<number, Wanted>();

  constructor(contract: LoadedContract, options: Record<string, string> = {}, seed = 1) {
    this.#instance = contract.instantiate();
    this.#seed = seed;
    this.#random = randomOf(seed);
    const chosen = { field: "small", teams: "2", rounds: "endless", minutes: "3", ...options };
    this.call({ call: "open", tick: 0, key: this.#key(0), options: chosen });
  }

  call(call: Call): Answer {
    const answer = this.#instance.call(call);
    if (answer.answer === "done") this.effects.push(...answer.effects);
    return answer;
  }

  /** Of the newest call. */
  get fuel(): number {
    return this.#instance.usage.fuel;
  }

  join(...seats: number[]): void {
    for (const seat of seats)
      this.call({ call: "join", tick: this.tick, key: this.#key(seat + 1), player: playerIn(seat) });
  }

  leave(seat: number): void {
    this.call({ call: "leave", tick: this.tick, player: playerIn(seat) });
  }

  steps(count: number, before: () => void = () => undefined): void {
    for (let i = 0; i < count; i++) {
      this.inside(before);
      this.tick += 1;
      this.call({ call: "tick", tick: this.tick });
    }
  }

  inside<T>(look: () => T): T {
    const rows = new RoomTables(components, this.#instance.tables());
    rows.show();
    try {
      return look();
    } finally {
      rows.hide();
    }
  }

  get view(): View {
    const answer = this.call({ call: "view", tick: this.tick, viewers: [{ kind: "spectator" }] });
    return (answer.answer === "views" ? answer.views[0] : null) as unknown as View;
  }

  /** As the page and the bots make it. @throws Error if the room has made another. */
  get field(): Field {
    const { seed, tiles, check } = this.view.field;
    const field = makeField(seed, tiles);
    if (checkOf(field) !== check) throw new Error("another field");
    return field;
  }

  /** Puts somebody somewhere, as if they had always been there. */
  put(seat: number, x: number, z: number): void {
    this.inside(() => {
      const row = rowOf(seat);
      Fighter.x[row] = x;
      Fighter.z[row] = z;
      // Not that of a tile: what is near is looked at again.
      Gear.column[row] = 255;
      Gear.nearby[row] = 0;
    });
  }

  /** Wants this from the next tick on. */
  want(seat: number, wanted: Partial<Wanted> & { readonly seen?: number }): void {
    this.inside(() => {
      for (const [name, value] of Object.entries(wanted))
        (Push as unknown as Record<string, number[]>)[name]![seat] = value;
    });
  }

  /** Everybody is a bot for so many ticks. */
  play(ticks: number, each: () => void = () => undefined): void {
    const field = fieldOf(this.view);
    for (let i = 0; i < ticks; i++) {
      this.steps(1, () => this.#decide(field));
      this.inside(each);
    }
  }

  #decide(field: Field): void {
    for (const row of rowsOf(Fighter)) {
      const seat = Fighter.owner[row]!;
      const fighters = rowsOf(Fighter).filter((other) => other === row || Fighter.isRevealed(other, seat));
      const wanted = decide({
        seat,
        field,
        fighters: fighters.map((other) => fighterIn(other)),
        finds: rowsOf(Find)
          .filter((find) => Find.isRevealed(find, seat))
          .map((find) => ({ x: Find.x[find]!, z: Find.z[find]!, kind: Find.kind[find]! })),
        clip: Gear.clip[row]!,
        before: this.#wanted.get(seat) ?? nothing,
        random: this.#random,
      });
      this.#wanted.set(seat, wanted);
      for (const [name, value] of Object.entries(wanted))
        (Push as unknown as Record<string, number[]>)[name]![seat] = value;
      Push.seen[seat] = Math.max(0, this.tick - 2);
    }
  }

  #key(byte: number): Uint8Array {
    return Uint8Array.from({ length: 32 }, (_, i) => (this.#seed * 31 + byte * 7 + (byte >> 8) + i) & 0xff);
  }
}

export const fighterIn = (row: number) => ({
  x: Fighter.x[row]!,
  z: Fighter.z[row]!,
  team: Fighter.team[row]!,
  health: Fighter.health[row]!,
  seat: Fighter.seat[row]!,
});

export const flyingShots = (): number[] => rowsOf(Shot);

/** Numbers from 0 up to 1, the same from the same seed. */
export function randomOf(seed: number): () => number {
  let word = seed;
  return () => {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
    return word / 2 ** 32;
  };
}
