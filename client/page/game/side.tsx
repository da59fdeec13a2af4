/** Beside the board: what happened, and the ways out. */
import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { Confirm } from "#kit/parts/dialog.tsx";
import { Exit, Eye, Flag } from "#kit/parts/icons.tsx";
import type { Visit } from "../visit.ts";
import { Story } from "./story-list.tsx";

/** What a person is asked before it is done. */
export type Question = "nothing" | "resign" | "leave";

interface SideProps {
  readonly visit: Visit;
  readonly asks: Signal<Question>;
  readonly onLobby: () => void;
  readonly onLeave: () => void;
}

export function Side({ visit, asks, onLeave, onLobby }: SideProps): JSX.Element {
  const view = visit.view.value;
  const seat = visit.seat.value;
  const over = visit.status.value.ended !== null;
  const playing = seat !== null && !over && (view?.phase === "placing" || view?.phase === "playing");
  const { spectators } = visit.status.value;
  return (
    <section class="side" aria-label="What happened, and ways out">
      <Story story={visit.story.value} />
      <div class="ways-out">
        {playing ? (
          <button
            class="button small"
            type="button"
            data-action="resign"
            disabled={visit.stage.value !== "joined" || visit.status.value.phase === "paused"}
            onClick={() => {
              asks.value = "resign";
            }}
          >
            <Flag />
            Resign
          </button>
        ) : null}
        {over ? null : (
          <button
            class="button small"
            type="button"
            data-action="leave"
            onClick={() => {
              if (playing) asks.value = "leave";
              else if (seat === null) onLobby();
              else onLeave();
            }}
          >
            <Exit />
            {seat === null ? "Stop watching" : "Leave"}
          </button>
        )}
        <span class="spectators" data-spectators={spectators}>
          {spectators === 0 ? null : (
            <>
              <Eye />
              {spectators} watching
            </>
          )}
        </span>
      </div>
      <Questions asks={asks} onResign={() => void visit.move({ kind: "resign" })} onLeave={onLeave} />
    </section>
  );
}

interface QuestionsProps {
  readonly asks: Signal<Question>;
  readonly onResign: () => void;
  readonly onLeave: () => void;
}

function Questions({ asks, onResign, onLeave }: QuestionsProps): JSX.Element | null {
  const close = (): void => {
    asks.value = "nothing";
  };
  if (asks.value === "nothing") return null;
  return asks.value === "resign" ? (
    <Confirm
      title="Resign?"
      text="Your opponent wins, and all bombs are shown."
      action="Resign"
      onConfirm={onResign}
      onClose={close}
    />
  ) : (
    <Confirm
      title="Leave the game?"
      text="You give up your seat, and your opponent wins."
      action="Leave"
      onConfirm={onLeave}
      onClose={close}
    />
  );
}
