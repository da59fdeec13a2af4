/** What gateway and worker log, as lines for a person at a terminal. Everyday events are left out. */
import { isRecord } from "#protocol/value.ts";

/** Pino's number for "warn". */
const warn = 40;

/** One line of JSON as text; undefined for what is not worth a line; what is no log line stays as it is. */
export function plainLine(line: string): string | undefined {
  const fields = parse(line);
  if (fields === undefined) return line;
  const { level, time: _time, pid: _pid, process: from, msg, inspect, ...more } = fields;
  if (typeof level !== "number") return line;
  if (level < warn) return undefined;
  // A contract's fault: several lines, with the places in its author's files.
  if (typeof inspect === "string") return inspect;
  const details = Object.entries(more).map(([name, value]) => `${name} ${String(value)}`);
  return [`${String(from)}: ${String(msg)}`, ...details].join(", ");
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
