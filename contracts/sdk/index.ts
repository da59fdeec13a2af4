/** All that a contract imports: `phatroom/contract`. */
export { component } from "./components.ts";
export type { Component, ComponentOptions, Components, Fields, ReadonlyColumn, Row, Rows } from "./components.ts";
export { accept, refuse } from "./contract.ts";
export { consumeRefusals, type ConsumeRefusal } from "#protocol/consumption.ts";
export type { Arrival, Context, Contract, Entity, MoveContext, Newcomer, Outcome, OutsideAnswer } from "./contract.ts";
export type { Player, Random, RequestTerms, Returning, Use, Value, Viewer } from "./contract.ts";
export { angle16, anyOf, bool, everyone, f32, f64, i16, i32, i8, near, nobody } from "./fields.ts";
export { owner, range, revealed, team, text, u16, u32, u8 } from "./fields.ts";
export type { TextColumn } from "./text-column.ts";
export { textOf } from "./text-of.ts";
export { Trail } from "./trail.ts";
