/** What is said of values, times and inputs. */
import { bytesToHex } from "#protocol/bytes.ts";

/** More than a person reads in one line. */
const lengthMax = 400;

/** As JSON, bytes in hex. */
export function valueText(value: unknown, most = lengthMax): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value, (_, part: unknown) =>
    part instanceof Uint8Array ? `0x${bytesToHex(part)}` : part,
  );
  return text.length > most ? `${text.slice(0, most)} …` : text;
}

/** "16.8 s", "3 min 5 s". */
export function timeText(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;
