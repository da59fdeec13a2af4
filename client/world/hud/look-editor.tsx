/** Choosing how one looks: race, colours, and a part for each slot. Pure. */
import type { JSX } from "preact";
import { parts, partNames, raceNames, races, slots, type Part, type Race, type Slot } from "../avatars/catalogue.ts";
import { coatNames, coats, lightNames, lights, withPart, type Look } from "../avatars/look.ts";

interface LookProps {
  readonly look: Look;
  readonly onLook: (look: Look) => void;
}

export const raceLines: Record<Race, string> = {
  cyborg: "Half human, half repaired.",
  spectre: "A mind without a body.",
  xgene: "An animal that a machine set free.",
  pandroid: "A robot that woke up.",
};

export const RaceChoice = ({ look, onLook }: LookProps): JSX.Element => (
  <fieldset class="choice races">
    <legend>Race</legend>
    {races.map((race) => (
      <label key={race}>
        <input
          type="radio"
          name="race"
          value={race}
          checked={look.race === race}
          onChange={() => onLook({ ...look, race })}
        />
        <span>
          <b>{raceNames[race]}</b>
          <small>{raceLines[race]}</small>
        </span>
      </label>
    ))}
  </fieldset>
);

interface SwatchesProps {
  readonly title: string;
  readonly name: "coat" | "light";
  readonly names: readonly string[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

/** Colours by name; the style sheet knows what each looks like. */
const Swatches = ({ title, name, names, chosen, onChoose }: SwatchesProps): JSX.Element => (
  <fieldset class="choice swatches">
    <legend>{title}</legend>
    {names.map((word, index) => (
      <label key={word} title={word}>
        <input type="radio" name={name} checked={chosen === index} onChange={() => onChoose(index)} />
        <svg class="swatch" viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="11" fill={(name === "coat" ? coats : lights)[index]} />
        </svg>
        <span class="unseen">{word}</span>
      </label>
    ))}
  </fieldset>
);

export const ColourChoice = ({ look, onLook }: LookProps): JSX.Element => (
  <>
    <Swatches
      title="Coat"
      name="coat"
      names={coatNames}
      chosen={look.coat}
      onChoose={(coat) => onLook({ ...look, coat })}
    />
    <Swatches
      title="Light"
      name="light"
      names={lightNames}
      chosen={look.light}
      onChoose={(light) => onLook({ ...look, light })}
    />
  </>
);

const slotWords: Record<Slot, string> = {
  head: "Head",
  face: "Face",
  chest: "Chest",
  back: "Back",
  "hand.L": "Left hand",
  "hand.R": "Right hand",
};

const partWords = (part: Part): string => {
  const words = part.replaceAll("-", " ");
  return words[0]!.toUpperCase() + words.slice(1);
};

export const PartChoice = ({ look, onLook }: LookProps): JSX.Element => (
  <>
    {slots.map((slot) => {
      const worn = look.parts.find((part) => parts[part] === slot);
      const choose = (value: string): void => {
        const bare: Look = { ...look, parts: look.parts.filter((part) => part !== worn) };
        onLook(value === "" ? bare : withPart(bare, value as Part));
      };
      return (
        <label class="field" key={slot}>
          <span>{slotWords[slot]}</span>
          <select
            class="input"
            data-slot={slot}
            value={worn ?? ""}
            onChange={(event) => choose(event.currentTarget.value)}
          >
            <option value="">Nothing</option>
            {partNames
              .filter((part) => parts[part] === slot)
              .map((part) => (
                <option key={part} value={part}>
                  {partWords(part)}
                </option>
              ))}
          </select>
        </label>
      );
    })}
  </>
);
