/** What a module may use before the host has set anything: a start function runs while it is instantiated. */

/** Units of 8 bytes of the machine's stack that the calls of one entry may take together. */
export const depthMax = 80_000;

export const initial = { fuel: 5_000_000, depth: depthMax } as const;
