/** Whatever is said, the consolidator does what a short model of the rules does, and nothing that must never be. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ops } from "#rmrk/codec/interaction.ts";
import { Story } from "./support/story.ts";

test("random stories, legal and not, come out as in the model", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 0, max: 60 }), (seed, length) => {
      new Story(seed).tell(length);
    }),
    { numRuns: 60 },
  );
});

test("stories meet every interaction, and most of the refusals", () => {
  const met = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const story = new Story(seed);
    story.tell(60);
    for (const key of story.seen.keys()) met.add(key);
  }
  expect(ops.filter((op) => !met.has(op))).toEqual([]);
  expect(met.size - ops.length).toBeGreaterThan(40);
});
