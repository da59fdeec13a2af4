/** Somebody on the field, and where each player steers: for the contract in `assembly/`, and for who reads its rows. */
import { angle16, component, i8, near, range } from "../../../contracts/sdk/index.ts";

export const Body = component(
  { x: range(0, 512, 16), z: range(0, 512, 16), heading: angle16 },
  { capacity: 1000, audience: near(40), position: true },
);

export const Stick = component({ x: i8, z: i8, aim: angle16 }, { capacity: 1000 });
