/** Spirit, Origin of Shell, Shell and parts: what one has, and the next step of each. Pure but for what is chosen. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { careers, races, type Career, type Race } from "#phala-world/loop/kinds.ts";
import { prices } from "#phala-world/loop/numbers.ts";
import type { Move } from "#phala-world/moves.ts";
import type { OriginView, OwnView, PartView, ShellView, View } from "#phala-world/view.ts";
import { raceNames } from "../avatars/catalogue.ts";
import { canBuy } from "../room/quest.ts";
import { careerNames, gameNames, gemNames, partRarityNames, partWords, rarityNames, untilEra } from "../room/words.ts";
import { PartPicture } from "./part-picture.tsx";
import { Sheet } from "./sheet.tsx";

type Ask = (move: Move) => void;

export interface SoulProps {
  readonly view: View;
  /** The room's tick now, and how many there are in a second. */
  readonly tick: number;
  readonly hz: number;
  /** Why the newest wish was not granted. */
  readonly refusal: string | null;
  readonly onAsk: Ask;
  readonly onClose: () => void;
}

export function SoulPanel(props: SoulProps): JSX.Element {
  const { view, refusal, onAsk, onClose, tick, hz } = props;
  const { mine } = view;
  return (
    <Sheet title="Spirit and Shell" onClose={onClose}>
      <p class="purse">
        <b>{mine?.pha ?? 0} PHA</b>, play money · {mine?.food ?? 0} food · era {view.era}, the next{" "}
        {untilEra(view.era + 1, view, tick, hz)}
      </p>
      <p class="refusal" role="alert">
        {refusal}
      </p>
      {mine === null ? <p>Spectators have no Spirit.</p> : <Soul {...props} mine={mine} onAsk={onAsk} />}
    </Sheet>
  );
}

type OwnProps = SoulProps & { readonly mine: OwnView };

const Soul = (props: OwnProps): JSX.Element => {
  const { mine, onAsk, view } = props;
  return (
    <>
      <section class="shelf" data-part="spirit">
        <h3>Spirit</h3>
        {mine.spirit ? (
          <p>Yours, and bound to you: it cannot be given away.</p>
        ) : (
          <>
            <p>A soul for everybody, once. It needs 10 PHA to show, and costs nothing.</p>
            <Do
              name="claim-spirit"
              main
              onDo={() => onAsk({ do: mine.tickets.spirit ? "redeem-spirit" : "claim-spirit" })}
            >
              Claim your Spirit
            </Do>
          </>
        )}
      </section>
      {mine.spirit ? (
        <section class="shelf" data-part="origins">
          <h3>Origin of Shell</h3>
          {mine.origins.map((origin) => (
            <Origin key={origin.id} {...props} origin={origin} />
          ))}
          {mine.preordered ? <p>You have preordered one. The draw is when the next era begins.</p> : null}
          <Shop {...props} />
        </section>
      ) : null}
      {mine.shells.map((shell) => (
        <Shell key={shell.id} {...props} shell={shell} />
      ))}
      <Loose {...props} />
      <Deeds mine={mine} />
      {view.incubating.length === 0 || mine.origins.length === 0 ? null : <Neighbours {...props} />}
    </>
  );
};

interface DoProps {
  readonly name: string;
  readonly main?: boolean;
  readonly disabled?: boolean;
  readonly onDo: () => void;
  readonly children: string;
}

const Do = ({ name, main = false, disabled = false, onDo, children }: DoProps): JSX.Element => (
  <button class={main ? "button main" : "button"} type="button" data-action={name} disabled={disabled} onClick={onDo}>
    {children}
  </button>
);

function Origin({ origin, view, mine, tick, hz, onAsk }: OwnProps & { readonly origin: OriginView }): JSX.Element {
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
function Shop({ view, mine, tick, hz, onAsk }: OwnProps): JSX.Element | null {
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

function Shell({ shell, mine, onAsk }: OwnProps & { readonly shell: ShellView }): JSX.Element {
  const { id, rarity, race, career, seed, energy } = shell;
  const parts = mine.parts.filter((part) => part.shell === id);
  const seen = mine.seenIn === id;
  return (
    <section class="shelf" data-shell={id} data-seen={seen || undefined}>
      <h3>
        Shell: {rarityNames[rarity]} {raceNames[race]}, {careerNames[career]}
      </h3>
      <p>
        {energy} energy when it hatched. Its parts were drawn from <code title={seed}>{seed.slice(0, 16)}…</code>,
        settled when its incubation began: anybody can draw them again.
      </p>
      <Do name="become" main={!seen} onDo={() => onAsk({ do: "become", shell: seen ? null : id })}>
        {seen ? "Step out of it" : "Step into it"}
      </Do>
      <ul class="parts">
        {parts.map((part) => (
          <Part key={part.id} part={part} onAsk={onAsk} shell={id} />
        ))}
      </ul>
    </section>
  );
}

interface PartProps {
  readonly part: PartView;
  /** Where it would be worn. */
  readonly shell: number;
  readonly onAsk: Ask;
}

const Part = ({ part, shell, onAsk }: PartProps): JSX.Element => {
  const { id, name, slot, rarity, gem, worn } = part;
  return (
    <li data-part-name={name} data-worn={worn || undefined}>
      <PartPicture part={name} />
      <span class="grows">
        <b>{partWords(name)}</b> {partRarityNames[rarity]}
        {gem === null ? "" : `, with ${gemNames[gem]} set into it`}
      </span>
      <span class="buttons">
        {worn ? (
          <Do name="take-off" onDo={() => onAsk({ do: "take-off", shell, slot })}>
            Take off
          </Do>
        ) : (
          <Do name="wear" main onDo={() => onAsk({ do: "wear", shell, part: id })}>
            Wear
          </Do>
        )}
        {part.shell === null ? null : (
          <Do name="withdraw" onDo={() => onAsk({ do: "withdraw", part: id })}>
            Take out
          </Do>
        )}
      </span>
    </li>
  );
};

/** What one did in this world. */
function Deeds({ mine: { found, won } }: Pick<OwnProps, "mine">): JSX.Element | null {
  const games = Object.entries(won).map(([game, times]) => `${times} won in ${gameNames[game] ?? game}`);
  if (found === 0 && games.length === 0) return null;
  return (
    <section class="shelf" data-part="deeds">
      <h3>Deeds</h3>
      <p>{[`${found} dug up`, ...games].join(" · ")}</p>
    </section>
  );
}

/** Parts that were taken out of a Shell, to be worn by another. */
function Loose({ mine, onAsk }: OwnProps): JSX.Element | null {
  const loose = mine.parts.filter(({ shell }) => shell === null);
  const into = mine.seenIn ?? mine.shells[0]?.id;
  if (loose.length === 0 || into === undefined) return null;
  return (
    <section class="shelf" data-part="loose">
      <h3>Parts taken out</h3>
      <ul class="parts">
        {loose.map((part) => (
          <Part key={part.id} part={part} shell={into} onAsk={onAsk} />
        ))}
      </ul>
    </section>
  );
}

/** Kindness: food for others' Origins comes back to one's own. */
function Neighbours({ view, mine, onAsk }: OwnProps): JSX.Element | null {
  const others = view.incubating.filter(({ id }) => !mine.origins.some((own) => own.id === id));
  if (others.length === 0) return null;
  return (
    <section class="shelf" data-part="neighbours">
      <h3>In incubators here</h3>
      <ul class="parts">
        {others.map(({ id, owner, race, energy }) => (
          <li key={id} data-neighbour={id}>
            <span>
              <b>{owner}’s</b> {raceNames[race]}, {energy} energy
            </span>
            <Do name="feed-neighbour" disabled={mine.food === 0} onDo={() => onAsk({ do: "feed", origin: id })}>
              Feed
            </Do>
          </li>
        ))}
      </ul>
    </section>
  );
}
