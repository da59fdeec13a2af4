import { enablePatches, produceWithPatches } from "immer";

export function run() {
  enablePatches();
  const base = {
    players: [
      { name: "ann", hand: [1, 2, 3] },
      { name: "ben", hand: [] },
    ],
    turn: 0,
  };
  const [next, patches, inverse] = produceWithPatches(base, (draft) => {
    draft.players[1].hand.push(draft.players[0].hand.pop());
    draft.turn = 1;
  });
  return { base, next, patches, inverse, shared: next.players[0] === base.players[0] };
}
