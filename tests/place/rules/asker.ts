/** Rules that ask a server outside, and show what they heard of it. */
import { accept, textOf, type Contract } from "#contract/index.ts";

interface Heard {
  readonly answers: (readonly [id: string, what: string])[];
}

type AskerMove = { readonly ask: string; readonly url: string } | { readonly end: true };

export const asker: Contract<Heard, AskerMove, Heard> = {
  name: "asker",
  players: { min: 1, max: 1 },
  presence: "all",
  reveal: "at-end",
  requests: ["https://api.example.test/scores/"],
  moves: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value as AskerMove }) } },
  open: () => ({ answers: [] }),
  apply(state, move, context) {
    if ("end" in move) context.end({ heard: state.answers.length });
    else context.request(move.ask, { url: move.url, body: JSON.stringify({ secret: move.ask }) });
    return accept(state);
  },
  answer(state, { id, answer }) {
    state.answers.push([id, "failed" in answer ? answer.failed : `${answer.status} ${textOf(answer.body)}`]);
  },
  view: ({ answers }) => ({ answers }),
};
