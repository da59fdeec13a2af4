import * as v from "valibot";

const Card = v.pipe(v.string(), v.regex(/^[2-9TJQKA][shdc]$/));
const Hand = v.pipe(
  v.array(Card),
  v.length(5),
  v.transform((cards) => cards.toSorted()),
);

export function run() {
  const hands = [["Ts", "2h", "3d", "4c", "9c"], ["Ts"], ["Ts", "2h", "3d", "4c", "1c"]];
  return hands.map((hand) => {
    const { success, output, issues } = v.safeParse(Hand, hand);
    return success ? output : issues.map(({ message }) => message);
  });
}
