import pokersolver from "pokersolver";

const { Hand } = pokersolver;

export function run() {
  const hands = [
    ["Ad", "As", "Jc", "Th", "2d", "3c", "Kd"],
    ["Ad", "As", "Jc", "Th", "2d", "Qs", "Qd"],
    ["9h", "8h", "7h", "6h", "5h", "2c", "2d"],
  ].map((cards) => Hand.solve(cards));
  return {
    names: hands.map(({ name, descr, rank }) => ({ name, descr, rank })),
    winners: Hand.winners(hands).map((hand) => hand.toString()),
  };
}
