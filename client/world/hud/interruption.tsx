/** What keeps one from playing on, or else what comes next. Pure. */
import type { JSX } from "preact";
import { summaryOf } from "#kit/shield/report.ts";
import type { PageState, PanelName } from "../page-state.ts";
import { questOf } from "../room/quest.ts";
import type { Visit } from "../room/visit.ts";
import { outWords } from "../room/words.ts";
import { Joining, Outside, QuestLine, Reconnecting, Standstill } from "./hud.tsx";

interface InterruptionProps {
  readonly state: PageState;
  readonly visit: Visit;
  readonly onPanel: (panel: PanelName) => void;
  readonly onEnter: (name: string) => void;
}

export function Interruption({ state, visit, onPanel, onEnter }: InterruptionProps): JSX.Element | null {
  const { value: reach } = visit.reach;
  const mine = visit.view.value?.mine ?? null;
  if (reach === "reaching" || reach === "checking" || reach === "joining") return <Joining step={reach} />;
  if (reach === "reconnecting") return <Reconnecting onRetry={() => visit.retryNow()} />;
  if (visit.status.value.phase === "frozen") return <Standstill title={summaryOf(visit.proof).title} />;
  if (mine !== null && visit.room !== null && state.out.value) {
    // Once a second: the time runs out.
    void state.second.value;
    const why = outWords(mine, visit.room.tickNow(), visit.room.hz);
    return <Outside why={why} onEnter={() => onEnter(state.settings.value.name)} />;
  }
  const quest = visit.view.value === null ? null : questOf(visit.view.value);
  return quest === null ? null : <QuestLine quest={quest} onOpen={() => onPanel("soul")} />;
}
