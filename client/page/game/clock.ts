/** Time as players read it. The room's clock counts ticks, which stand still while the room is paused. */

/** "0:07", "2:31"; rounded up, so that 0:00 means over. */
export function clockText(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The same for a screen reader: "2 minutes 31 seconds". */
export function clockWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const parts = [
    ...(minutes > 0 ? [`${minutes} ${minutes === 1 ? "minute" : "minutes"}`] : []),
    ...(seconds % 60 > 0 || minutes === 0 ? [`${seconds % 60} ${seconds % 60 === 1 ? "second" : "seconds"}`] : []),
  ];
  return parts.join(" ");
}

/** Milliseconds until the tick `deadline`; null without one. `tickNow` may have fractions. */
export function timeLeft(deadline: number | null, tickNow: number, hz: number): number | null {
  return deadline === null || hz <= 0 ? null : Math.max(0, ((deadline - tickNow) / hz) * 1000);
}

/** Under this the clock is shown as urgent. */
export const urgentMs = 10_000;
