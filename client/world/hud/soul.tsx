/** Spirit, Origin of Shell, Shell and parts: what one has, and the next step of each. Pure but for what is chosen. */
import type { JSX } from "preact";
import { raceNames } from "../avatars/catalogue.ts";
import { gameNames, untilEra } from "../room/words.ts";
import { Origin, Shop } from "./origins.tsx";
import { Sheet } from "./sheet.tsx";
import { Loose, Shell } from "./shells.tsx";
import { Do, type OwnProps, type SoulProps } from "./soul-asks.tsx";

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
