/** Boxes that stand on points, moved up until none covers another. Pure. */

export interface Standing {
  /** The middle of its lower edge. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Between two boxes. */
const gap = 4;

/** @returns the lower edge of each: the lowest stays where it is, and what it would be covered by stands above it. */
export function apart(boxes: readonly Standing[]): readonly number[] {
  const edges = boxes.map(({ y }) => y);
  const lowestFirst = boxes.map((_, i) => i).sort((a, b) => boxes[b]!.y - boxes[a]!.y);
  for (const [rank, i] of lowestFirst.entries()) {
    const { x, width, height } = boxes[i]!;
    const beside = lowestFirst
      .slice(0, rank)
      .filter((other) => Math.abs(boxes[other]!.x - x) < (boxes[other]!.width + width) / 2)
      // From below to above: whoever is moved up over one may meet the next.
      .sort((a, b) => edges[b]! - edges[a]!);
    for (const other of beside) {
      const top = edges[other]! - boxes[other]!.height;
      if (edges[i]! > top - gap && edges[i]! - height < edges[other]! + gap) edges[i] = top - gap;
    }
  }
  return edges;
}
