/** Measures of the game; what others need of them stands in ../terms.ts too. Lengths in metres, times in ticks. */

export const hz: i32 = 20;
export const seats: i32 = 1000;
export const teamsMax: i32 = 4;

/** The side of a tile. */
export const tile: f64 = 2;
export const sight: f64 = 24;
/** How close somebody has to come to find what lies about, and to pick it up. */
export const finding: f64 = 7;
export const grasp: f64 = 1.1;
/** From a fighter's middle to its edge, and as far as shots are concerned. */
export const girth: f64 = 0.45;
export const target: f64 = 0.55;

/** Metres in a tick, with the stick at its end. */
export const stride: f64 = 6.0 / 20;
export const stickMax: f64 = 100;

/** Metres in a tick, and ticks until a shot falls. */
export const flight: f64 = 2;
export const flightTicks: i32 = 14;
export const betweenShots: u32 = 4;
export const reloading: u32 = 28;
export const clipMax: u8 = 8;
export const spareStart: u8 = 32;
export const spareMax: u8 = 96;

export const healthMax: i32 = 100;
export const wound: i32 = 25;
export const bandage: i32 = 50;
export const fallen: u32 = 60;
/** As far back as a shot may look: 250 ms. */
export const lateMax: i32 = 5;

export const pointsForFelling: i32 = 2;
export const pointsForRelic: i32 = 3;
