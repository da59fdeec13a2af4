/** What happens in the world, as it is told beside the picture: lines, bubbles, prompts and sounds. */
import type { Bubbles } from "./hud/bubbles.ts";
import type { PageState } from "./page-state.ts";
import type { Surroundings, WorldEvent } from "./port.ts";
import type { SoundName } from "./sound/score.ts";

export interface Ears {
  readonly state: PageState;
  readonly world: Surroundings;
  readonly bubbles: Bubbles;
  readonly play: (sound: SoundName) => void;
}

export function tell(event: WorldEvent, { state, world, bubbles, play }: Ears): void {
  switch (event.kind) {
    case "said":
      state.say(event.name, event.text, event.from === world.own);
      bubbles.say(event.from, event.text, world.time);
      if (state.inside.value) play("message");
      return;
    case "gate":
    case "no-gate":
      state.gate.value = event.kind === "gate" ? event.gate : null;
      if (event.kind === "gate") play("gate");
      return;
    case "find":
    case "no-find":
      state.find.value = event.kind === "find";
      if (event.kind === "find") play("find");
      return;
    case "unsaid":
      state.unsaid.value = event.text;
      return;
    case "notice":
      state.say(null, event.text);
      return;
    case "arrived":
      if (event.id !== world.own) state.say(null, `${event.name} has arrived.`);
      return;
    case "left":
      state.say(null, `${event.name} has left.`);
  }
}
