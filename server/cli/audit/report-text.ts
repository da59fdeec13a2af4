/** What a replay found, for a person. */
import type { Report } from "#audit/report.ts";
import type { MomentReport, Looked } from "#audit/moment.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { RoomInput } from "#enclave/room/inputs.ts";

/** @param ms that the replay took. */
export function reportText(report: Report, ms: number): string {
  const { room, name, contract, records, openings, keys, players, moves, ended, awards, lastHead } = report;
  const lines = [
    ["room", room],
    ["rules", `${name}, contract ${contract}${report.frozen ? "" : "; whoever its lineage names may upgrade them"}`],
    ...report.upgrades.map(({ index, contract: next, keys: signers }) => [
      "upgrade",
      `at record ${index}: contract ${next}, signed by ${signers.join(", ")}${report.upgraders === "as-said" ? "" : upgraderWords}`,
    ]),
    ["log", `${counted(records, "record")} in ${counted(openings, "opening")}, ${keyWords[keys]}`],
    ["players", players.map((player) => `seat ${player.seat}: ${quoted(player.name)}`).join(", ") || "nobody"],
    [
      "play",
      `${counted(moves, "move")} in ${lasted(report.seconds)}, repeated in ${ms.toFixed(0)} ms${factorText(report, ms)}`,
    ],
    ["end", ended === null ? "not over" : `${ended.how}: ${asText(ended.result)}`],
    ...awards.map(({ player, once, item }) => ["award", `${quoted(once)} to ${player}: ${asText(item)}`]),
    ["head", lastHead],
    ["", headWords[report.head]],
  ];
  const found = report.differences.map(({ index, code, sentence, detail }) => {
    const where = index === null ? "" : ` at record ${index}`;
    return `DIFFERS${where}: ${sentence}\n  ${code}: ${detail}`;
  });
  const verdict = report.accepted ? ["Everything fits: records, keys, course, result, awards and memory."] : found;
  return [...lines.map(([label, text]) => `  ${label!.padEnd(8)} ${text}`), "", ...verdict].join("\n");
}

/** How much faster it was than the room itself; 0 if that cannot be said. */
export const factorOf = ({ seconds }: Pick<Report, "seconds">, ms: number): number =>
  ms > 0 ? Math.round((seconds * 1000) / ms) : 0;

export function momentText(moment: MomentReport, unseen: string | undefined): string {
  const { index, tick, seconds, inputs, outcomes, happenings, seated, nextTimer, ended, views, state } = moment;
  const names = new Map<unknown, string>(seated.map(({ seat, name }) => [seat, ` ${quoted(name)}`]));
  const lines = [
    `Record ${index}: tick ${tick}, ${lasted(seconds)} after the room began`,
    ...section("Came in", inputs.map(inputText)),
    ...section(
      "Answered",
      outcomes.map(({ player, outcome: [n, reason] }) => `${player} move ${n}: ${reason ?? "accepted"}`),
    ),
    ...section(
      "Went out",
      happenings.map(({ happening, ...fields }) => `${happening} ${asText(fields)}`),
    ),
    ...section(
      "Seated",
      seated.map(({ seat, name, present, player }) => `${seat} ${quoted(name)} ${player}${present ? "" : ", away"}`),
    ),
    ...section("Waits", [
      ...(nextTimer === null ? [] : [`a timer at tick ${nextTimer}`]),
      ...(ended === null ? [] : [`nothing: ${ended.how}, ${asText(ended.result)}`]),
    ]),
    ...views.flatMap((view) => [
      "",
      `Seen by ${view.viewer === "spectators" ? "spectators" : `seat ${view.viewer}${names.get(view.viewer) ?? ""}`}`,
      ...lookedText(view),
    ]),
    "",
    "State",
    ...(state === undefined ? [`  ${unseen ?? "not to be looked into"}`] : lookedText(state)),
  ];
  return lines.join("\n");
}

function lookedText({ value, changes }: Looked): string[] {
  return [
    ...(changes.length === 0 ? ["  nothing changed"] : []),
    ...changes.map(
      ({ path, before, after }) => `  ${path === "" ? "(all)" : path}: ${asText(before)} -> ${asText(after)}`,
    ),
    `  = ${asText(value, 2000)}`,
  ];
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];

function inputText(input: RoomInput): string {
  const { input: kind, ...fields } = input;
  return `${kind} ${asText(fields)}`;
}

/** Behind keys that nobody vouched for. */
const upgraderWords = "; whether these may, --lineages says";

const keyWords = { revealed: "revealed by the enclave", development: "with keys of a development platform" } as const;

const headWords = {
  "as-said": "The log ends as the enclave said.",
  differs: "The log does NOT end as the enclave said.",
  "nothing-said":
    "Nobody said what the head should be: the log fits itself, and whoever has its keys could have written another one that does. Players are told the head; give it with --head.",
} as const;

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;

const factorText = (report: Report, ms: number): string =>
  report.seconds === 0 ? "" : `: ${factorOf(report, ms)} times faster than it was played`;

function lasted(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.floor(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What players chose reaches a terminal only with its control characters spelled out. */
const quoted = (text: string): string => asText(text);

function asText(value: unknown, lengthMax = 300): string {
  if (value === undefined) return "(nothing)";
  const text = JSON.stringify(value, (_, part: unknown) =>
    part instanceof Uint8Array ? `0x${bytesToHex(part)}` : part,
  );
  // JSON leaves some of them as they are.
  // oxlint-disable-next-line no-control-regex -- that is the point
  const plain = text.replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return plain.length > lengthMax ? `${plain.slice(0, lengthMax)} …` : plain;
}
