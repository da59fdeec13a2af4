/** Of every pixel, where edges are smoothed: more cost as much again and are hardly seen. */
export const samples = 4;
