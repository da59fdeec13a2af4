/** A boundary with every kind of input, for the golden vector. */
import type { PlayerId } from "#protocol/identity.ts";
import type { Boundary } from "#enclave/room/inputs.ts";

const ann = "a".repeat(32) as PlayerId;
const ben = "b".repeat(32) as PlayerId;

export const boundaryCase: Boundary = {
  tick: 300,
  from: 296,
  inputs: [
    { input: "join", player: ann, seat: 0, name: "Ann", entropy: new Uint8Array(32).fill(1) },
    { input: "returned", player: ben, pauseLeftMs: 179_500 },
    { input: "move", player: ben, n: 3, move: { kind: "drop", side: "left", line: 4 } },
    { input: "watched", watched: true },
    { input: "locked", invite: new Uint8Array(16).fill(2) },
    { input: "dropped", player: ann, pauseLeftMs: 180_000 },
    { input: "leave", player: ann },
    { input: "abandon", absent: [ben] },
  ],
};
