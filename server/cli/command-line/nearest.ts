/** What somebody may have meant. */

/** Of these the one that a typing error or two could have made into this; undefined if there is none. */
export function nearest(text: string, known: readonly string[]): string | undefined {
  const [first] = known
    .map((word) => ({ word, errors: word.startsWith(text) && text.length > 1 ? 1 : errorsBetween(text, word) }))
    .filter(({ word, errors }) => errors <= (word.length > 4 ? 2 : 1))
    .sort((a, b) => a.errors - b.errors);
  return first?.word;
}

/** How many letters have to be put in, taken out, changed or swapped with their neighbour. */
function errorsBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const swapped = a[i] === b[j - 1] && a[i - 1] === b[j] && i > 0 && j > 0;
      const changed = row[j]! + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, changed, swapped ? before[j - 1]! + 1 : Infinity));
    }
    before = row;
    row = next;
  }
  return row.at(-1)!;
}
