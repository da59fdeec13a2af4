/** Asked when this device has a seat in the room already, in another window: is it the same person who comes here? */
import type { JSX } from "preact";
import type { PageState } from "../page-state.ts";

export const SeatChoice = ({ state }: { readonly state: PageState }): JSX.Element => (
  <main class="centre" id="main" data-phase="choice">
    <section class="glass ticks card">
      <h1>You are in this room already</h1>
      <p>Another window of this browser has a seat in it. Do you want to go on here, or is somebody else joining?</p>
      <div class="stack">
        <button
          class="button main"
          type="button"
          data-action="take-over"
          onClick={() => void state.choose("take-over")}
        >
          Go on here; the other window stops
        </button>
        <button
          class="button"
          type="button"
          data-action="other-player"
          onClick={() => void state.choose("other-player")}
        >
          Join as another player
        </button>
        <button class="button" type="button" data-action="watch" onClick={() => void state.choose("watch")}>
          Watch
        </button>
        <button class="button" type="button" data-action="lobby" onClick={() => state.toLobby()}>
          Back to the lobby
        </button>
      </div>
    </section>
  </main>
);
