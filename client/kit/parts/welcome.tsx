/** The first words of a game's page, and the ways into a room of it. */
import type { ComponentChildren, JSX } from "preact";
import { playerNameMax } from "#protocol/limits.ts";
import { Key, Play } from "./icons.tsx";
import { Notice } from "./notice.tsx";

interface WelcomeProps {
  readonly title: JSX.Element;
  readonly lead: string;
  /** Whether it is a world of development machines. */
  readonly development: boolean;
  /** What went wrong last, as a sentence. */
  readonly trouble: string | null;
  readonly children: ComponentChildren;
}

export const Welcome = ({ title, lead, development, trouble, children }: WelcomeProps): JSX.Element => (
  <section class="welcome">
    <h1>{title}</h1>
    <p class="lead">
      {lead}
      {development ? " This is a development world: it works the same and protects nothing." : ""}
    </p>
    {trouble === null ? null : (
      <Notice tone="bad" role="alert" name="lobby">
        <p>{trouble}</p>
      </Notice>
    )}
    {children}
  </section>
);

interface EntryProps {
  readonly name: string;
  /** What stands where nobody has typed a name. */
  readonly placeholder: string;
  /** Nothing can be asked for now. */
  readonly disabled: boolean;
  /** What the two buttons say. */
  readonly play: string;
  readonly createPrivate: string;
  readonly onName: (name: string) => void;
  readonly onPlay: () => void;
  readonly onCreatePrivate: () => void;
  readonly children?: ComponentChildren;
}

/** Who one is, and where to. */
export const Entry = (props: EntryProps): JSX.Element => (
  <div class="glass ticks entry">
    <label class="field">
      <span>Your name, as others see it</span>
      <input
        class="input"
        data-field="name"
        autocomplete="nickname"
        maxLength={playerNameMax}
        placeholder={props.placeholder}
        value={props.name}
        onInput={(event) => props.onName(event.currentTarget.value)}
      />
    </label>
    <button
      class="button main big"
      type="button"
      data-action="play-now"
      disabled={props.disabled}
      onClick={props.onPlay}
    >
      <Play />
      {props.play}
    </button>
    <button
      class="button"
      type="button"
      data-action="create-private"
      disabled={props.disabled}
      onClick={props.onCreatePrivate}
    >
      <Key />
      {props.createPrivate}
    </button>
    {props.children}
  </div>
);
