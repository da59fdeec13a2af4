/** The loading screen, and the one that says why there is nothing to see. Pure. */
import type { JSX } from "preact";
import type { Stage } from "../page-state.ts";
import { Mark } from "./icons.tsx";

interface LoadingProps {
  readonly share: number;
  readonly doing: string;
}

export const Loading = ({ share, doing }: LoadingProps): JSX.Element => (
  <main class="loading" data-stage="loading">
    <div>
      <Mark />
      <h1>Phala World</h1>
      <p>{doing}</p>
      <progress aria-label="Loading" max={100} value={Math.round(share * 100)} />
    </div>
  </main>
);

type Reason = Extract<Stage, { at: "failed" }>["reason"];

const reasons: Record<Reason, { readonly title: string; readonly advice: string }> = {
  graphics: {
    title: "This browser cannot draw the world",
    advice: "It needs WebGL 2. Turn on hardware acceleration in the browser’s settings, or try another browser.",
  },
  download: {
    title: "A part of the world did not arrive",
    advice: "Look at the connection and load the page again; what has arrived already is kept.",
  },
  unknown: {
    title: "The world could not be built",
    advice: "Load the page again. If it stays like this, the browser’s console says more.",
  },
};

export const Failed = ({ reason, onAgain }: { readonly reason: Reason; readonly onAgain: () => void }): JSX.Element => (
  <main class="loading" data-stage="failed" data-reason={reason}>
    <div role="alert">
      <Mark />
      <h1>{reasons[reason].title}</h1>
      <p>{reasons[reason].advice}</p>
      <button class="button main" type="button" data-action="reload" onClick={onAgain}>
        Load again
      </button>
    </div>
  </main>
);
