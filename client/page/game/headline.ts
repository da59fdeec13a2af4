/** The one line above the board that says how things stand, and what to do now. */
import type { FrozenReason, Status } from "#protocol/message.ts";
import type { Seat } from "#dot4/board.ts";
import type { How, View } from "#dot4/view.ts";
import { namesOf, type Person } from "./people.ts";

export interface Headline {
  readonly title: string;
  /** What to do, or why. */
  readonly detail: string;
  /** `act`: it is up to this player. `wait`: up to somebody else. `won`, `lost`, `over`: the end. */
  readonly mood: "act" | "wait" | "paused" | "won" | "lost" | "over";
}

interface Standing {
  /** Null until the room shows a view: while it waits for absent players it shows nothing. */
  readonly view: View | null;
  readonly status: Status;
  readonly people: readonly [Person, Person];
  /** Null for spectators. */
  readonly seat: Seat | null;
}

export function headlineOf(standing: Standing): Headline {
  const { view, status, seat, people } = standing;
  if (status.frozen !== undefined) return { ...frozen[status.frozen], mood: "paused" };
  if (status.ended !== null || view?.phase === "ended") return ending(standing);
  if (status.phase === "paused") return paused(people);
  if (view === null || view.phase === "waiting") {
    return seat === null
      ? { title: "Waiting for players", detail: "The game begins when two people sit down.", mood: "wait" }
      : { title: "Waiting for an opponent", detail: "Send somebody the link, or wait here.", mood: "wait" };
  }
  return view.phase === "placing" ? placing(view, seat, people) : playing(view, seat, people);
}

const frozen: Record<FrozenReason, Pick<Headline, "title" | "detail">> = {
  "rolled-back": {
    title: "Frozen: this place shows an older state",
    detail: "Somebody here has seen more. Nothing moves until the place brings it back; otherwise the room closes.",
  },
  "store-unavailable": {
    title: "Waiting for the place to keep this game",
    detail: "Nothing you were told is lost. It goes on by itself.",
  },
  "store-full": {
    title: "Waiting: this place is out of space",
    detail: "Nothing you were told is lost. It goes on by itself once there is space.",
  },
  "store-damaged": {
    title: "Waiting: this place's store is damaged",
    detail: "Nothing moves until whoever runs it has mended it.",
  },
};

function paused(people: readonly [Person, Person]): Headline {
  const absent = people.filter((person) => person.waitMs !== null);
  return {
    title: absent.length === 0 ? "Paused" : `Paused: waiting for ${namesOf(absent)}`,
    detail: "Nothing moves and no clock runs until everybody is back.",
    mood: "paused",
  };
}

function placing(view: View, seat: Seat | null, people: readonly [Person, Person]): Headline {
  const missing = people.filter((person) => !view.ready[person.seat]);
  if (seat !== null && !view.ready[seat]) {
    return {
      title: "Hide your three bombs",
      detail: "Choose three cells. Only you see them, until they go off or the game ends.",
      mood: "act",
    };
  }
  return {
    title: seat === null ? "Bombs are being hidden" : "Your bombs are hidden",
    detail: missing.length === 0 ? "The game begins." : `Waiting for ${namesOf(missing)}.`,
    mood: "wait",
  };
}

function playing(view: View, seat: Seat | null, people: readonly [Person, Person]): Headline {
  const turn = view.turn ?? 0;
  if (turn === seat) {
    return { title: "Your turn", detail: "Drop a stone from any side. Four in a row wins.", mood: "act" };
  }
  return {
    title: `${people[turn].name} to move`,
    detail: "A stone will come from any of the four sides.",
    mood: "wait",
  };
}

const reasons: Record<How, (winner: string, loser: string) => string> = {
  four: () => "Four in a row.",
  full: () => "No stone fits on the board any more.",
  resigned: (_winner, loser) => `${loser} resigned.`,
  time: (_winner, loser) => `${loser} ran out of time.`,
  left: (_winner, loser) => `${loser} left the game.`,
  abandoned: (_winner, loser) => `${loser} stayed away too long. Nothing hidden is shown.`,
};

function ending({ view, status, seat, people }: Standing): Headline {
  if (status.ended?.how === "faulted") {
    return { title: "The game was stopped", detail: "Its rules failed, so nothing of it counts.", mood: "over" };
  }
  const result = view?.result ?? resultOf(status);
  if (result === null) return { title: "The game is over", detail: "Nobody stayed.", mood: "over" };
  const { winner, how } = result;
  if (winner === null) {
    const detail = how === "abandoned" ? "Both players stayed away too long." : reasons[how]("", "");
    return { title: how === "abandoned" ? "Nobody wins" : "A draw", detail, mood: "over" };
  }
  const loser = people[winner === 0 ? 1 : 0];
  const detail = reasons[how](people[winner].name, loser.you ? "You" : loser.name);
  if (seat === null) return { title: `${people[winner].name} wins`, detail, mood: "over" };
  return winner === seat
    ? { title: "You win", detail, mood: "won" }
    : { title: `${people[winner].name} wins`, detail, mood: "lost" };
}

/** The room's result, for endings after which no view comes. */
function resultOf(status: Status): { readonly how: How; readonly winner: Seat | null } | null {
  const result = status.ended?.result;
  if (typeof result !== "object" || result === null || !("how" in result) || !("winner" in result)) return null;
  const { how, winner } = result;
  if (typeof how !== "string" || !Object.hasOwn(reasons, how)) return null;
  return { how: how as How, winner: winner === 0 || winner === 1 ? winner : null };
}
