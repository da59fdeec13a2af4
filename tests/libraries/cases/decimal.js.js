import Decimal from "decimal.js";

export function run() {
  const price = new Decimal("0.1").plus("0.2");
  return {
    price: price.toString(),
    root: Decimal.sqrt(2).toString(),
    power: new Decimal(1.07).pow(12.5).toDecimalPlaces(30).toString(),
    exponential: Decimal.exp(1).toString(),
    third: new Decimal(1).div(3).toFraction(1000).map(String),
  };
}
