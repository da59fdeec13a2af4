/** What is encoded: bodies that all change at every tick, and who sees which of them. The same for every system. */

export interface Scene {
  readonly name: string;
  readonly players: number;
  readonly visible: number;
  /** By viewer: the bodies it sees. They stay the same. */
  readonly seen: readonly (readonly number[])[];
  readonly x: Float32Array;
  readonly z: Float32Array;
  /** In 65,536ths of a full turn. */
  readonly heading: Uint16Array;
}

/** Every viewer sees as many others as said: its neighbours in a circle, so that everybody is seen as often. */
export function makeScene(players: number, visible: number): Scene {
  const before = visible >> 1;
  return {
    name: `${players}×${visible}`,
    players,
    visible,
    seen: Array.from({ length: players }, (_, viewer) =>
      Array.from({ length: visible }, (_each, i) => (viewer - before + i + players) % players),
    ),
    x: new Float32Array(players),
    z: new Float32Array(players),
    heading: new Uint16Array(players),
  };
}

/** Everything in every row becomes something else. */
export function moveAll({ players, x, z, heading }: Scene, tick: number): void {
  for (let i = 0; i < players; i++) {
    const turned = (tick * 0.07 + i) % 6.28;
    x[i] = Math.fround((i % 32) * 8 + Math.cos(turned) * 3);
    z[i] = Math.fround((i >> 5) * 8 + Math.sin(turned) * 3);
    heading[i] = (tick * 517 + i * 31) & 0xffff;
  }
}

/** One system that encodes it. */
export interface Encoding {
  /** What was moved becomes the system's own state; not measured. */
  take(): void;
  /** All viewers' bytes, in order; each is valid only while `keep` runs. Returns how many there were in all. */
  encode(keep?: (viewer: number, bytes: Uint8Array) => void): number;
  /** A client that was there from the first tick on. */
  reader(): Reader;
}

export interface Reader {
  read(bytes: Uint8Array): void;
  /** x, z and heading of everything it sees, sorted: ids are its own. */
  rows(): readonly string[];
}

/** What a viewer must see. */
export const expectedRows = ({ seen, x, z, heading }: Scene, viewer: number): readonly string[] =>
  seen[viewer]!.map((body) => rowText(x[body]!, z[body]!, heading[body]!)).sort();

export const rowText = (x: number, z: number, heading: number): string => `${x} ${z} ${heading}`;
