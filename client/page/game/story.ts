/** What happened from one view to the next, in sentences: read out, and kept in the list beside the board. */
import type { LastDrop, View } from "#dot4/view.ts";
import { aimName, cellName } from "../board/names.ts";
import { subject, type Person } from "./people.ts";

/** @param previous null: we have just come, so nothing has happened yet. */
export function tell(previous: View | null, next: View, people: readonly [Person, Person]): string[] {
  if (previous === null) return [];
  const told: string[] = [];
  if (previous.phase === "waiting" && next.phase === "placing")
    told.push("Both players are here. Bombs are hidden now.");
  if (next.phase === "placing" || (previous.phase === "placing" && next.phase === "playing")) {
    for (const person of people) {
      if (next.ready[person.seat] && !previous.ready[person.seat]) {
        told.push(`${subject(person)} hid three bombs.`);
      }
    }
  }
  if (previous.phase === "placing" && next.phase === "playing" && next.turn !== null) {
    told.push(`${subject(people[next.turn])} ${people[next.turn].you ? "begin" : "begins"}.`);
  }
  if (next.last !== null && next.drops > previous.drops) told.push(tellDrop(next.last, people));
  return told;
}

/** "Mira dropped from the left into row 4: it rests on C4." */
export function tellDrop(drop: LastDrop, people: readonly [Person, Person]): string {
  const end = drop.path.at(-1);
  const start = `${subject(people[drop.seat])} dropped ${aimName(drop)}`;
  if (end === undefined) return `${start}.`;
  if (drop.explosion === null) return `${start}: it rests on ${cellName(end)}.`;
  const { stones, bombs } = drop.explosion;
  const others = bombs.length - 1;
  const lost = [
    plural(stones.length + 1, "stone"),
    ...(others > 0 ? [plural(others, "more bomb", "more bombs")] : []),
  ].join(" and ");
  return `${start} and hit a bomb at ${cellName(end)}: ${lost} gone.`;
}

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
