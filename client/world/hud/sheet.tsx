/** A panel over the world: a title, what is in it, and a way out. */
import type { ComponentChildren, JSX } from "preact";
import { Dialog } from "#kit/parts/dialog.tsx";

interface SheetProps {
  readonly title: string;
  readonly onClose: () => void;
  /** One looks at oneself meanwhile: on a phone it leaves the upper half to the picture. */
  readonly portrait?: boolean;
  readonly children: ComponentChildren;
}

export const Sheet = ({ title, onClose, portrait = false, children }: SheetProps): JSX.Element => (
  <Dialog title={title} look={portrait ? "sheet portrait" : "sheet"} onClose={onClose}>
    {children}
    <div class="buttons">
      <button class="button main" type="button" data-action="close" onClick={onClose}>
        Close
      </button>
    </div>
  </Dialog>
);
