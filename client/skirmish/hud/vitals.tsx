/** What the player has left: health, rounds; in words for those who do not see them. */
import type { JSX } from "preact";
import { clipMax, healthMax } from "#skirmish/terms.ts";
import type { Visit } from "../visit.ts";
import type { SelfNow } from "./arena-screen.tsx";

interface VitalsProps {
  readonly self: SelfNow | null;
  readonly visit: Visit;
  readonly onReload: () => void;
}

export function Vitals({ self, visit, onReload }: VitalsProps): JSX.Element | null {
  if (self === null) return null;
  const { health, gear } = self;
  return (
    <section class="vitals" aria-label="You">
      <span
        class="health"
        role="meter"
        aria-label="Health"
        aria-valuenow={health}
        aria-valuemin={0}
        aria-valuemax={healthMax}
      >
        <span class="health-bar" data-low={health <= 25 ? "" : undefined}>
          {[0, 1, 2, 3].map((part) => (
            <i key={part} data-full={health > part * 25 ? "" : undefined} />
          ))}
        </span>
        <b>{health}</b>
      </span>
      {gear === undefined ? null : (
        <button class="rounds" type="button" data-action="reload" data-clip={gear.clip} onClick={onReload}>
          <span aria-hidden="true">
            {Array.from({ length: clipMax }, (_, i) => (
              <i key={i} data-full={i < gear.clip ? "" : undefined} />
            ))}
          </span>
          <span>
            {gear.clip} <small>/ {gear.spare}</small>
          </span>
          <span class="unseen">rounds; press to load</span>
        </button>
      )}
      {gear === undefined ? null : (
        <span class="own" data-hits={gear.hits}>
          <b>{gear.points}</b> points{visit.medals.value === 0 ? "" : `, ${visit.medals.value} medals`}
        </span>
      )}
    </section>
  );
}
