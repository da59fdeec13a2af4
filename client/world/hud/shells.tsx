/** Shells, the parts in them, and parts that were taken out. Pure. */
import type { JSX } from "preact";
import type { PartView, ShellView } from "#phala-world/view.ts";
import { raceNames } from "../avatars/catalogue.ts";
import { careerNames, gemNames, partRarityNames, partWords, rarityNames } from "../room/words.ts";
import { PartPicture } from "./part-picture.tsx";
import { Do, type Ask, type OwnProps } from "./soul-asks.tsx";

export function Shell({ shell, mine, onAsk }: OwnProps & { readonly shell: ShellView }): JSX.Element {
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

/** Parts that were taken out of a Shell, to be worn by another. */
export function Loose({ mine, onAsk }: OwnProps): JSX.Element | null {
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
