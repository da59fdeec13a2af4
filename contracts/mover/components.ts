/** What a body consists of: declared once, for the rules in both languages, their tests and the client. */
import { angle16, bool, component, f32, near, range, text, u16, u8 } from "#contract/index.ts";

/** Somebody on the field. */
export const Body = component(
  { x: f32, z: f32, heading: angle16, speed: range(0, 4, 8), walking: bool, label: text(10) },
  { capacity: 128, audience: near(40), position: true },
);

/** Where a body goes, in the same row as its `Body`; nobody else is told. */
export const Course = component({ direction: u8, turnIn: u16 }, { capacity: 128 });
