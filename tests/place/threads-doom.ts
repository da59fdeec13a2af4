/** Where a thread is told to fail: its number. */
export const doomChannel = "phatroom tests: doom";
