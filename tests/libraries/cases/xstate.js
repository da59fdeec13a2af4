import { assign, createActor, createMachine } from "xstate";

export function run() {
  const machine = createMachine({
    context: { bets: 0 },
    initial: "betting",
    states: {
      betting: {
        on: {
          BET: { actions: assign({ bets: ({ context, event }) => context.bets + event.amount }) },
          DEAL: { guard: ({ context }) => context.bets > 0, target: "playing" },
        },
      },
      playing: { initial: "ann", states: { ann: { on: { PASS: "ben" } }, ben: { on: { PASS: "#over" } } } },
      over: { id: "over", type: "final" },
    },
  });
  const actor = createActor(machine).start();
  const seen = [];
  actor.subscribe(({ value, context, status }) => seen.push({ value, bets: context.bets, status }));
  for (const event of [
    { type: "DEAL" },
    { type: "BET", amount: 5 },
    { type: "DEAL" },
    { type: "PASS" },
    { type: "PASS" },
  ]) {
    actor.send(event);
  }
  // A snapshot has members that are undefined, which no value in a view can be.
  return { seen, snapshot: JSON.parse(JSON.stringify(actor.getPersistedSnapshot())) };
}
