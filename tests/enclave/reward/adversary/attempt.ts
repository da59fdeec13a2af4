/** One way to gain something that was not earned. */
import type { AttackedWorld } from "./attacked-world.ts";

export interface Attempt<World = AttackedWorld> {
  /** A sentence. */
  readonly name: string;
  /** Why it fails: one of these, and nothing else. */
  readonly codes: readonly string[];
  /** Before a block is made that may hold what is said; or after it, when workers have not read it yet. */
  readonly when: "before the block" | "after the block";
  /** @returns what came of it, perhaps some blocks later; undefined if there is nothing now that it could be tried on. */
  readonly make: (world: World) => Promise<string | undefined> | undefined;
}

export const before = <World = AttackedWorld>(
  name: string,
  code: string | readonly string[],
  make: Attempt<World>["make"],
): Attempt<World> => ({
  name,
  codes: typeof code === "string" ? [code] : code,
  when: "before the block",
  make,
});

export const after = <World = AttackedWorld>(...attempt: Parameters<typeof before<World>>): Attempt<World> => ({
  ...before(...attempt),
  when: "after the block",
});
