/** What the cast of a rehearsal says: a place in the cast, and a line. */
export const lines: readonly (readonly [who: number, text: string])[] = [
  [3, "the Origin is warm today"],
  [17, "meet at the rose gate in five"],
  [8, "anyone with a spare visor?"],
  [0, "ten years asleep, and the sky looks like this"],
  [13, "feed it twice, never three times"],
  [5, "my Shell hatches tomorrow"],
  [21, "listen: no birds up here, only the falls"],
  [10, "first one to the lime gate wins"],
];
