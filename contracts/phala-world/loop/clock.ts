/** The world's clock: eras, and what is open in which. */

/** The first era is 0, and begins when the room opens. */
export const eraAt = (tick: number, eraTicks: number): number => Math.floor(tick / eraTicks);

/** What may be open. Each is by itself: several can be at once. */
export type Phase = "spirits" | "rare" | "prime" | "preorder" | "last-day" | "incubation";

/** First era of each phase, and the first after it. Whoever comes late still finds a Spirit, an Origin and an incubator. */
const timetable: Record<Phase, readonly [from: number, until: number]> = {
  spirits: [0, Number.POSITIVE_INFINITY],
  rare: [0, 1],
  prime: [1, 2],
  preorder: [2, 3],
  "last-day": [3, Number.POSITIVE_INFINITY],
  incubation: [0, Number.POSITIVE_INFINITY],
};

export function isOpen(phase: Phase, era: number): boolean {
  const [from, until] = timetable[phase];
  return era >= from && era < until;
}

/** When it opens, counted in eras; undefined if it has been open before. */
export function opensAt(phase: Phase, era: number): number | undefined {
  const [from] = timetable[phase];
  return era < from ? from : undefined;
}
