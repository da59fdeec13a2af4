/** Every sound, as numbers for a synthesiser, and what its caption says. Nothing is a recording. */

export interface Tone {
  readonly wave: OscillatorType | "noise";
  /** Hertz, from and to. For noise, of the filter. */
  readonly from: number;
  readonly to: number;
  /** Seconds. */
  readonly at: number;
  readonly lasts: number;
  /** 0 to 1. */
  readonly loud: number;
}

export interface Sound {
  readonly caption: string;
  readonly tones: readonly Tone[];
  /** Seconds in which it is captioned once. */
  readonly captionGap: number;
}

const pluck = (from: number, at: number, loud = 0.3): Tone => ({
  wave: "triangle",
  from,
  to: from,
  at,
  lasts: 0.35,
  loud,
});

export const sounds = {
  step: {
    caption: "Footsteps",
    captionGap: 12,
    tones: [{ wave: "noise", from: 520, to: 240, at: 0, lasts: 0.07, loud: 0.16 }],
  },
  message: { caption: "A message chimes", captionGap: 4, tones: [pluck(659, 0), pluck(880, 0.09)] },
  arrival: {
    caption: "A bright chord: you have arrived",
    captionGap: 0,
    tones: [pluck(392, 0), pluck(523, 0.1), pluck(659, 0.2), pluck(988, 0.32, 0.2)],
  },
  gate: {
    caption: "The gate hums",
    captionGap: 4,
    tones: [
      { wave: "sawtooth", from: 110, to: 112, at: 0, lasts: 1.6, loud: 0.08 },
      { wave: "sine", from: 220, to: 330, at: 0, lasts: 1.6, loud: 0.2 },
    ],
  },
  travel: {
    caption: "A rush of air",
    captionGap: 0,
    tones: [
      { wave: "noise", from: 300, to: 2600, at: 0, lasts: 0.9, loud: 0.3 },
      { wave: "sine", from: 180, to: 720, at: 0, lasts: 0.9, loud: 0.16 },
    ],
  },
  find: {
    caption: "Something glints in the grass",
    captionGap: 4,
    tones: [pluck(988, 0, 0.2), pluck(1319, 0.07, 0.2)],
  },
  emote: { caption: "A cheerful blip", captionGap: 4, tones: [pluck(523, 0), pluck(784, 0.08)] },
  panel: {
    caption: "A soft click",
    captionGap: 30,
    tones: [{ wave: "square", from: 880, to: 660, at: 0, lasts: 0.04, loud: 0.05 }],
  },
} as const satisfies Record<string, Sound>;

export type SoundName = keyof typeof sounds;

/** Says each caption, but not again and again. */
export class Captions {
  readonly #last = new Map<SoundName, number>();

  /** @param now seconds. @returns the caption, unless it was just said. */
  of(name: SoundName, now: number): string | undefined {
    const { caption, captionGap } = sounds[name];
    const last = this.#last.get(name);
    if (last !== undefined && now - last < captionGap) return undefined;
    this.#last.set(name, now);
    return caption;
  }
}

/** Metres between two footsteps. */
export const stride = 1.35;
