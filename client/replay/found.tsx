/** What a replay found: the verdict, what differs, and what the log tells. */
import type { JSX } from "preact";
import type { Found } from "./replay-state.ts";
import { counted, timeText, valueText } from "./words.ts";

const headWords = {
  "as-said": "The log ends with the head that you gave.",
  differs: "The log does not end with the head that you gave.",
  "nothing-said":
    "Nobody said what the head should be. The log fits itself, and whoever has its keys could have written another one that does. Players are told the head; type it above.",
} as const;

const keyWords = {
  revealed: "revealed by the enclave",
  development: "with keys of a development platform",
} as const;

export function FoundPanel({ found: { report, ms } }: { readonly found: Found }): JSX.Element {
  const { accepted, differences, head } = report;
  return (
    <section class="glass ticks found" data-verdict={accepted ? "fits" : "differs"} aria-label="What was found">
      <div role="status">
        <h2>{accepted ? "Everything fits" : "Something differs"}</h2>
        <p>
          {accepted
            ? "Records, keys, course, result, awards and memory are what the log says."
            : "Either the log was changed, or it is not what the enclave wrote."}
        </p>
      </div>
      <ul class="differences">
        {differences.map(({ code, sentence, index, detail }) => (
          <li data-difference={code} key={`${code} ${index} ${detail}`}>
            <b>{index === null ? "" : `Record ${index}: `}</b>
            {sentence} <span class="mono">{detail}</span>
          </li>
        ))}
      </ul>
      <p class="head" data-head={head}>
        {headWords[head]}
      </p>
      <Facts report={report} ms={ms} />
    </section>
  );
}

function Facts({ report, ms }: Pick<Found, "report" | "ms">): JSX.Element {
  const { room, name, contract, frozen, upgrades, keys, records, openings } = report;
  const { players, moves, seconds, ended, awards, lastHead } = report;
  const facts: readonly (readonly [name: string, label: string, text: string])[] = [
    ["room", "Room", room],
    ["rules", "Rules", `${name}, contract ${contract}${frozen ? "" : "; whoever its lineage names may upgrade them"}`],
    ...upgrades.map((upgrade) => {
      const signers = upgrade.keys.join(", ");
      return [
        "upgrade",
        "Upgrade",
        `record ${upgrade.index}: contract ${upgrade.contract}, signed by ${signers}`,
      ] as const;
    }),
    ["log", "Log", `${counted(records, "record")} in ${counted(openings, "opening")}, ${keyWords[keys]}`],
    ["players", "Players", players.map((player) => `${player.seat}: ${valueText(player.name)}`).join(", ") || "nobody"],
    ["play", "Play", `${counted(moves, "move")} in ${timeText(seconds)}, repeated in ${ms.toFixed(0)} ms`],
    ["end", "End", ended === null ? "not over" : `${ended.how}: ${valueText(ended.result)}`],
    ...awards.map(
      ({ player, once, item }) => ["award", "Award", `${valueText(once)} to ${player}: ${valueText(item)}`] as const,
    ),
    ["last-head", "Last head", lastHead],
  ];
  return (
    <dl class="facts">
      {facts.map(([fact, label, text]) => (
        <div key={`${fact} ${text}`}>
          <dt>{label}</dt>
          <dd data-fact={fact}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
