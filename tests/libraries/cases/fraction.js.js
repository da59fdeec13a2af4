import Fraction from "fraction.js";

export function run() {
  const odds = new Fraction("7.1(23)").mul(3, 4).sub(1);
  return {
    text: odds.toString(),
    fraction: odds.toFraction(true),
    number: odds.valueOf(),
    floor: odds.floor().toString(),
  };
}
