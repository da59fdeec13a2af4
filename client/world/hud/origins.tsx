/** Origins of Shell: what each of them needs next, and where another comes from. Pure but for what is chosen. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { careers, races, type Career, type Race } from "#phala-world/loop/kinds.ts";
import { prices } from "#phala-world/loop/numbers.ts";
import type { OriginView } from "#phala-world/view.ts";
import { raceNames } from "../avatars/catalogue.ts";
import { canBuy } from "../room/quest.ts";
import { careerNames, rarityNames, untilEra } from "../room/words.ts";
import { Do, type OwnProps } from "./soul-asks.tsx";

export function Origin({
  origin,
  view,
  mine,
  tick,
  hz,
  onAsk,
}: OwnProps & { readonly origin: OriginView }): JSX.Element {
  const { id, rarity, race, career, energy, slots, hatchesAt, commitment } = origin;
  const ready = hatchesAt !== null && view.era >= hatchesAt;
  return (
    <div class="thing" data-origin={id} data-energy={energy} data-ready={ready || undefined}>
      <p>
        <b>
          {rarityNames[rarity]} {raceNames[race]}, {careerNames[career]}
        </b>
        <br />
        {energy} energy, {slots === 1 ? "one slot" : `${slots} slots`}
        {hatchesAt === null ? "" : ready ? " · ready to hatch" : ` · hatches ${untilEra(hatchesAt, view, tick, hz)}`}
      </p>
      {commitment === null ? null : (
        <p class="small">
          Its parts are settled and nobody knows them: what they are drawn from has the SHA-256{" "}
          <code title={commitment}>{commitment.slice(0, 16)}…</code>
        </p>
      )}
      <div class="buttons">
        {hatchesAt === null ? (
          <Do name="incubate" main onDo={() => onAsk({ do: "incubate", origin: id })}>
            Put it into an incubator
          </Do>
        ) : null}
        {hatchesAt !== null && !ready ? (
          <Do name="feed" main disabled={mine.food === 0} onDo={() => onAsk({ do: "feed", origin: id })}>
            Feed it
          </Do>
        ) : null}
        {ready ? (
          <Do name="hatch" main onDo={() => onAsk({ do: "hatch", origin: id })}>
            Hatch it
          </Do>
        ) : null}
      </div>
    </div>
  );
}

/** What is on sale, or when it will be. */
export function Shop({ view, mine, tick, hz, onAsk }: OwnProps): JSX.Element | null {
  const race = useSignal<Race>("pandroid");
  const career = useSignal<Career>("wizard");
  const { open, later } = view;
  const more = mine.origins.length === 0 || open.includes("last-day");
  if (!more) return null;
  if (!canBuy(view, mine)) {
    if (mine.origins.length > 0) return null;
    if (mine.shells.length > 0) return <p data-sale="closed">None now. Another costs {prices.prime} PHA.</p>;
    const from = later["last-day"];
    const when =
      from === undefined ? "You have too little PHA for one." : `On sale for all ${untilEra(from, view, tick, hz)}.`;
    return <p data-sale="closed">{when}</p>;
  }
  const wish = { race: race.value, career: career.value };
  const prime = open.includes("last-day") || (open.includes("prime") && mine.tickets.prime);
  return (
    <div class="fields" data-sale="open">
      <Pick
        name="origin-race"
        label="Race"
        names={raceNames}
        of={races}
        chosen={race.value}
        onPick={(next) => (race.value = next)}
      />
      <Pick
        name="origin-career"
        label="Career"
        names={careerNames}
        of={careers}
        chosen={career.value}
        onPick={(next) => (career.value = next)}
      />
      <div class="buttons">
        {prime ? (
          <Do name="buy-origin" main onDo={() => onAsk({ do: "buy-origin", rarity: "prime", ...wish })}>
            {`Buy for ${prices.prime} PHA`}
          </Do>
        ) : null}
        {open.includes("preorder") && !mine.preordered ? (
          <Do name="preorder" onDo={() => onAsk({ do: "preorder", ...wish })}>
            {`Preorder for ${prices.prime} PHA`}
          </Do>
        ) : null}
        {open.includes("rare") && mine.pha >= prices.magic
          ? (["magic", "legendary"] as const).map((rarity) => (
              <Do
                key={rarity}
                name={`buy-${rarity}`}
                disabled={mine.pha < prices[rarity]}
                onDo={() => onAsk({ do: "buy-origin", rarity, ...wish })}
              >
                {`${rarityNames[rarity]} for ${prices[rarity]} PHA`}
              </Do>
            ))
          : null}
      </div>
    </div>
  );
}

interface PickProps<Name extends string> {
  readonly name: string;
  readonly label: string;
  readonly names: Readonly<Record<Name, string>>;
  readonly of: readonly Name[];
  readonly chosen: Name;
  readonly onPick: (name: Name) => void;
}

const Pick = <Name extends string>({ name, label, names, of, chosen, onPick }: PickProps<Name>): JSX.Element => (
  <label class="field">
    <span>{label}</span>
    <select
      class="input"
      data-field={name}
      value={chosen}
      onChange={(event) => onPick(event.currentTarget.value as Name)}
    >
      {of.map((each) => (
        <option key={each} value={each}>
          {names[each]}
        </option>
      ))}
    </select>
  </label>
);
