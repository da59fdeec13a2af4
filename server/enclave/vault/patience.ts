/** How the store is asked again while it does not answer. */

/** Between two attempts, in ms: first and longest. */
export const retryMs = { first: 50, most: 2000 };

/** Resolves after so many ms by this machine's clock. */
export const byClock = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
