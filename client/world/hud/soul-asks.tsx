/** What the pieces of the Spirit's panel are given, and the button by which they ask for something. */
import type { JSX } from "preact";
import type { Move } from "#phala-world/moves.ts";
import type { OwnView, View } from "#phala-world/view.ts";

export type Ask = (move: Move) => void;

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

export type OwnProps = SoulProps & { readonly mine: OwnView };

interface DoProps {
  readonly name: string;
  readonly main?: boolean;
  readonly disabled?: boolean;
  readonly onDo: () => void;
  readonly children: string;
}

export const Do = ({ name, main = false, disabled = false, onDo, children }: DoProps): JSX.Element => (
  <button class={main ? "button main" : "button"} type="button" data-action={name} disabled={disabled} onClick={onDo}>
    {children}
  </button>
);
