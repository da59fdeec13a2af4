/** What a load found, for a person at a terminal. */
import { sentenceOf, type ClientErrorCode } from "#client/errors.ts";
import type { LoadReport } from "./report.ts";

export function loadText(report: LoadReport): string {
  const { joined, players, rooms, refused, lost } = report;
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB/s`;
  return [
    `${report.contract}: ${joined} of ${players} players joined, in ${rooms} ${rooms === 1 ? "room" : "rooms"}; ` +
      `measured for ${report.seconds.toFixed(1)} s${report.interrupted ? ", then interrupted" : ""}`,
    `  evidence     ${evidence(report)}`,
    `  joining      p50 ${ms(report.joinP50Ms)}, p99 ${ms(report.joinP99Ms)}`,
    `  ${answered[report.did]} p50 ${ms(report.p50Ms)}, p99 ${ms(report.p99Ms)}, of ${report.answers}`,
    `  each player  ${report.framesPerSecond.toFixed(1)} frames a second, ${kilobytes(report.bytesReceivedPerSecond)} in, ` +
      `${kilobytes(report.bytesSentPerSecond)} out`,
    ...counted("did not get in", refused),
    ...counted("were lost", lost),
    ...(report.ownCoreShare > 0.85
      ? [`  These clients used ${Math.round(report.ownCoreShare * 100)} % of a core: they may be what was slow.`]
      : []),
    ...(isLimited(report) ? [raised(players)] : []),
    "",
  ].join("\n");
}

const answered = {
  push: "input to use",
  move: "move made in",
  ping: "ping to pong",
} as const satisfies Record<LoadReport["did"], string>;

function evidence({ verified, development }: LoadReport): string {
  if (verified === null) return "not seen: nobody joined";
  if (!verified) return "NOT ACCEPTED by some who joined";
  return development ? "verified; a development machine, which protects nothing" : "verified and accepted by all";
}

/** Connections beyond what one address may have are not answered at all. */
const isLimited = ({ refused, joined }: LoadReport): boolean =>
  Object.hasOwn(refused, "rate-limited") || (joined > 0 && Object.hasOwn(refused, "unreachable"));

/** A gateway allows one address what a school needs. */
const raised = (players: number): string =>
  "  A gateway limits what one address may do, and all of these had one. For a load, start it with\n" +
  `  PHATROOM_LIMITS=connectionsPerAddress=${2 * players},socketsPerAddress=${3 * players},joinsPerMinute=${60 * players},` +
  `creationsPerMinute=${60 * players}`;

const ms = (value: number | null): string => (value === null ? "–" : `${value.toFixed(1)} ms`);

const counted = (what: string, counts: Readonly<Record<string, number>>): string[] =>
  Object.entries(counts).map(([code, count]) => `  ${count} ${what}: ${sentenceOf(code as ClientErrorCode)} (${code})`);
