/** What a load found, for a person at a terminal. */
import { sentenceOf, type ClientErrorCode } from "#client/errors.ts";
import type { LoadReport } from "./load.ts";

export function loadText(report: LoadReport): string {
  const { joined, players, rooms, refused, lost, pushed } = report;
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB/s`;
  return [
    `${report.contract}: ${joined} of ${players} players joined, in ${rooms} ${rooms === 1 ? "room" : "rooms"}`,
    `  joining      p50 ${ms(report.joinP50Ms)}, p99 ${ms(report.joinP99Ms)}`,
    `  ${pushed ? "input to use" : "ping to pong"} p50 ${ms(report.p50Ms)}, p99 ${ms(report.p99Ms)}, of ${report.answers}`,
    `  each player  ${report.messagesPerSecond.toFixed(1)} messages a second, ${kilobytes(report.bytesReceivedPerSecond)} in, ` +
      `${kilobytes(report.bytesSentPerSecond)} out`,
    ...counted("did not get in", refused),
    ...counted("were lost", lost),
    ...(report.ownCoreShare > 0.85
      ? [`  These clients used ${Math.round(report.ownCoreShare * 100)} % of a core: they may be what was slow.`]
      : []),
    ...(Object.hasOwn(refused, "rate-limited")
      ? ["  A gateway limits what one address may do; all of these had one. Its limits can be raised for a load."]
      : []),
    "",
  ].join("\n");
}

const ms = (value: number | null): string => (value === null ? "–" : `${value.toFixed(1)} ms`);

const counted = (what: string, counts: Readonly<Record<string, number>>): string[] =>
  Object.entries(counts).map(([code, count]) => `  ${count} ${what}: ${sentenceOf(code as ClientErrorCode)}`);
