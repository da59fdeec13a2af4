/** The rules of Dot4 once more, by another contract hash: they take over from the first. */
import type { Contract } from "#contract/index.ts";
import { dot4 } from "../../../contracts/dot4/dot4.ts";

type StateOf<C> = C extends Contract<infer State, infer _Move, infer _View> ? State : never;

export const dot4Again: typeof dot4 = {
  ...dot4,
  fuel: 4_999_999,
  migrate: (saved) => saved as unknown as StateOf<typeof dot4>,
};
