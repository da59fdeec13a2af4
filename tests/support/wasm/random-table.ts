/** Random uses of the table and of references. */
import { smallOrWild, type BodyWriter, type WeightedStep } from "./random-body.ts";
import type { ModuleShape } from "./random-shape.ts";

export function randomTable(shape: ModuleShape): WeightedStep[] {
  const { features, table, passiveElements } = shape;
  const steps: WeightedStep[] = [];
  if (features.references) steps.push([2, isNull], [1, someReference]);
  if (table.length === 0) return steps;
  if (features.references) steps.push([2, get], [1, size]);
  if (!features.changes) return steps;
  steps.push([1, copy]);
  if (features.references) steps.push([1, set], [1, fill]);
  if (passiveElements.length > 0) steps.push([1, init], [1, drop]);
  return steps;
}

const index = (body: BodyWriter): void => body.constant(smallOrWild(body, body.shape.table.length));

function isNull(body: BodyWriter): void {
  body.need(["funcref"]);
  body.stack.code.byte(0xd1);
  body.stack.apply(["funcref"], ["i32"]);
}

function someReference(body: BodyWriter): void {
  body.push(body.chance(80) ? "funcref" : "externref");
}

function get(body: BodyWriter): void {
  index(body);
  body.stack.code.byte(0x25).byte(0);
  body.stack.apply(["i32"], ["funcref"]);
}

function set(body: BodyWriter): void {
  index(body);
  body.push("funcref");
  body.stack.code.byte(0x26).byte(0);
  body.stack.apply(["i32", "funcref"], []);
}

function size({ stack }: BodyWriter): void {
  stack.code.byte(0xfc).unsigned(16).byte(0);
  stack.push("i32");
}

function range(body: BodyWriter): void {
  index(body);
  index(body);
  body.constant(smallOrWild(body, 1 + body.numbers.below(3)));
}

function copy(body: BodyWriter): void {
  range(body);
  body.stack.code.byte(0xfc).unsigned(14).byte(0).byte(0);
  body.stack.apply(["i32", "i32", "i32"], []);
}

function fill(body: BodyWriter): void {
  index(body);
  body.push("funcref");
  body.constant(smallOrWild(body, 1 + body.numbers.below(3)));
  body.stack.code.byte(0xfc).unsigned(17).byte(0);
  body.stack.apply(["i32", "funcref", "i32"], []);
}

function init(body: BodyWriter): void {
  const segment = body.numbers.below(body.shape.passiveElements.length);
  index(body);
  body.constant(0);
  body.constant(smallOrWild(body, 1 + Math.min(2, body.shape.passiveElements[segment]!)));
  body.stack.code.byte(0xfc).unsigned(12).unsigned(segment).byte(0);
  body.stack.apply(["i32", "i32", "i32"], []);
}

function drop(body: BodyWriter): void {
  body.stack.code.byte(0xfc).unsigned(13).unsigned(body.numbers.below(body.shape.passiveElements.length));
}
