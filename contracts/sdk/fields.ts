/** What a component is declared with: types of fields and audiences. Plain data, so that a manifest can hold it. */
import type { Audience } from "#protocol/tables.ts";

export const u8 = { type: "u8" } as const;
export const i8 = { type: "i8" } as const;
export const u16 = { type: "u16" } as const;
export const i16 = { type: "i16" } as const;
export const u32 = { type: "u32" } as const;
export const i32 = { type: "i32" } as const;
export const f32 = { type: "f32" } as const;
export const f64 = { type: "f64" } as const;

/** 1 or 0. */
export const bool = { type: "bool" } as const;

/** Radians; players get it to the nearest of 65,536 steps around the circle. */
export const angle16 = { type: "angle16" } as const;

/** A number from `min` to `max`; players get it to the nearest of 2^bits steps, at most 24 bits. */
export const range = (min: number, max: number, bits: number) => ({ type: "range", min, max, bits }) as const;

/** Text of at most so many bytes of UTF-8, 1 to 255. What does not fit is cut off between characters. */
export const text = (bytes: number) => ({ type: "text", bytes }) as const;

export const everyone: Audience<never> = { who: "everyone" };

/** Only the contract. What a component has if nothing else is said. */
export const nobody: Audience<never> = { who: "nobody" };

/** The player in the seat the row belongs to. */
export const owner: Audience<never> = { who: "owner" };

/** Players to whom the contract has revealed the row, one by one: `Bomb.reveal(row, seat)`. `seats` is the room's `players.max`. */
export const revealed = (seats: number): Audience<never> => ({ who: "revealed", seats });

/** Players whose team, `context.team(player, number)`, is what this field of the row says. */
export const team = <Name extends string>(field: Name): Audience<Name> => ({ who: "team", field });

/**
 * Players whose focus, `context.focus(player, entity)`, is within this distance of the row's position. What is farther than
 * `full` arrives at every `far`th tick (2 to 32) instead of at each: `near(60, { full: 20, far: 4 })`.
 */
export const near = (radius: number, seldom?: { readonly full: number; readonly far: number }): Audience<never> => ({
  who: "near",
  radius,
  ...seldom,
});

/** Whoever at least one of these admits. */
export const anyOf = <Name extends string>(...of: readonly Audience<Name>[]): Audience<Name> => ({ who: "any", of });
