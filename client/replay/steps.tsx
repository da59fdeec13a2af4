/** One boundary after the other: what came in, what went out, and what each viewer saw change. */
import type { JSX } from "preact";
import type { MomentReport } from "#audit/index.ts";
import { timeText, valueText } from "./words.ts";

interface StepsProps {
  /** Indices of records. */
  readonly boundaries: readonly number[];
  readonly moment: MomentReport;
  readonly onLook: (index: number) => void;
}

export function Steps({ boundaries, moment, onLook }: StepsProps): JSX.Element {
  const at = boundaries.indexOf(moment.index);
  const last = boundaries.length - 1;
  const ways: readonly (readonly [action: string, label: string, to: number])[] = [
    ["first", "First", 0],
    ["before", "Before", at - 1],
    ["next", "Next", at + 1],
    ["last", "Last", last],
  ];
  return (
    <section class="glass ticks steps" data-moment={moment.index} aria-label="Step by step">
      <h2>
        Record {moment.index}
        <small>
          tick {moment.tick}, {timeText(moment.seconds)} after the room began
        </small>
      </h2>
      <input
        class="slider"
        type="range"
        min={0}
        max={last}
        value={at}
        aria-label="Boundary"
        aria-valuetext={`record ${moment.index}`}
        data-field="step"
        onInput={(event) => onLook(boundaries[Number(event.currentTarget.value)]!)}
      />
      <div class="buttons">
        {ways.map(([action, label, to]) => (
          <button
            class="button small"
            type="button"
            key={action}
            data-action={action}
            disabled={to < 0 || to > last || to === at}
            onClick={() => onLook(boundaries[to]!)}
          >
            {label}
          </button>
        ))}
      </div>
      <MomentPanel moment={moment} />
    </section>
  );
}

function MomentPanel({ moment }: { readonly moment: MomentReport }): JSX.Element {
  const { inputs, outcomes, happenings, views, seated } = moment;
  const names = new Map<unknown, string>(seated.map(({ seat, name }) => [seat, name]));
  return (
    <>
      <Lines title="Came in" lines={inputs.map(({ input, ...fields }) => `${input} ${valueText(fields)}`)} />
      <Lines
        title="Answered"
        lines={outcomes.map(({ player, outcome: [, reason] }) => `${player}: ${reason ?? "accepted"}`)}
      />
      <Lines
        title="Went out"
        lines={happenings.map(({ happening, ...fields }) => `${happening} ${valueText(fields)}`)}
      />
      {views.map(({ viewer, value, changes }) => (
        <div class="view" key={viewer} data-view={viewer}>
          <h3>{viewer === "spectators" ? "Spectators see" : `Seat ${viewer}, ${names.get(viewer) ?? ""}, sees`}</h3>
          <ul class="lines">
            {changes.length === 0 ? <li class="quiet">nothing new</li> : null}
            {changes.map(({ path, before, after }) => (
              <li key={path}>
                <b>{path === "" ? "all of it" : path}</b> {valueText(before, 120)} → {valueText(after, 120)}
              </li>
            ))}
          </ul>
          <details>
            <summary>The whole view</summary>
            <pre>{valueText(value, 20_000)}</pre>
          </details>
        </div>
      ))}
    </>
  );
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly string[] }): JSX.Element | null {
  if (lines.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul class="lines">
        {lines.map((line, i) => (
          <li key={i}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
