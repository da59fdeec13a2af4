/**
 * The process that looks: it plays a short game through recorders and searches what each party got for what it should
 * not know. Everything it says was found, or was searched for in vain.
 */
import { randomUUID } from "node:crypto";
import type { Cell, Move } from "../../contracts/dot4/dot4.ts";
import { placeAt, type Address } from "../bots/places.ts";
import type { Place, Player } from "../bots/player.ts";
import { until } from "../bots/until.ts";
import { answer } from "../processes/child.ts";
import { listening } from "./listening.ts";
import { Recorder } from "./recorder.ts";
import { holdsCells, holdsText } from "./search.ts";

type Three = [x: [number, number], y: [number, number], z: [number, number]];

/** In reading order, and on no line that a stone of this game runs over, so that none explodes and is shown. */
const ownersBombs: Three = [
  [6, 2],
  [2, 7],
  [8, 8],
];
const opponentsBombs: Three = [
  [4, 1],
  [7, 4],
  [5, 6],
];
/** Hidden by nobody: a search that finds these finds anything. */
const nobodysBombs: readonly Cell[] = [
  [7, 3],
  [3, 6],
  [9, 8],
];
const drops: readonly Move[] = [0, 1, 3, 0, 1, 3].map((line) => ({ kind: "drop", side: "top", line }));

export interface Traffic {
  readonly room: string;
  /** What the owner of the bombs is called: a word that stands nowhere by chance. */
  readonly ownersName: string;
  /** On all lines that the host carries or ends, in both directions. */
  readonly host: { readonly bombs: boolean; readonly names: boolean; readonly bytes: number };
  /** In what the opponent, a spectator and a late spectator got, decrypted where it was encrypted for them. */
  readonly others: { readonly bombs: boolean; readonly bytes: number };
}

/** One party: its own line to the server, and what it can make of what comes back. */
interface Party {
  readonly place: Place;
  readonly recorder: Recorder;
  readonly heard: () => Uint8Array;
}

let tap: Recorder | undefined;
const parties: Party[] = [];
const players: Player[] = [];

answer({
  async tap({ path, target }: { readonly path: string; readonly target: string }) {
    tap = await Recorder.between(path, target);
  },
  play,
  othersHold: (text: string) => holdsText(othersHeard(), text),
  leave() {
    for (const player of players) player.close();
    for (const { recorder } of parties) recorder.close();
    tap?.close();
  },
});

async function play(address: Address): Promise<Traffic> {
  const ownersName = `owner-${randomUUID().slice(0, 18)}`;
  const owner = await sit(address, (place) => place.open(ownersName));
  const { room } = owner;
  const join = (name: string, want: "play" | "watch"): Promise<Player> =>
    sit(address, async (place) => ({ room, player: await place.join(room, name, want) })).then(({ player }) => player);
  const spectator = await join("spectator", "watch");
  const opponent = await join("opponent", "play");
  await playGame(owner.player, opponent);
  const late = await join("late", "watch");
  for (const player of [spectator, late]) await until(player, () => player.progress.drops === drops.length);
  return { room, ownersName, ...evaluate(ownersName) };
}

async function sit(
  address: Address,
  enter: (place: Place) => Promise<{ readonly room: string; readonly player: Player }>,
): Promise<{ readonly room: string; readonly player: Player }> {
  const recorder = await Recorder.inFrontOf(address.url);
  const listener = listening();
  const place = await placeAt({ ...address, url: recorder.url }, listener.environment);
  const encrypted = address.system === "phatroom";
  parties.push({ place, recorder, heard: () => (encrypted ? listener.heard : recorder.received) });
  const entered = await enter(place);
  players.push(entered.player);
  return entered;
}

async function playGame(owner: Player, opponent: Player): Promise<void> {
  const both = [owner, opponent];
  for (const player of both) await until(player, () => player.progress.phase === "placing");
  owner.move({ kind: "place", bombs: ownersBombs });
  opponent.move({ kind: "place", bombs: opponentsBombs });
  for (const player of both) await until(player, () => player.progress.phase === "playing");
  for (const [i, drop] of drops.entries()) {
    both.find(({ seat }) => seat === owner.progress.turn)?.move(drop);
    for (const player of both) await until(player, () => player.progress.drops === i + 1);
  }
}

function evaluate(ownersName: string): Pick<Traffic, "host" | "others"> {
  const carried = Buffer.concat([
    ...parties.flatMap(({ recorder }) => [recorder.sent, recorder.received]),
    ...(tap === undefined ? [] : [tap.sent, tap.received]),
  ]);
  const others = othersHeard();
  if (!holdsCells(parties[0]!.heard(), ownersBombs))
    throw new Error("the search does not find what the owner is shown");
  if ([carried, others].some((bytes) => holdsCells(bytes, nobodysBombs))) throw new Error("the search finds anything");
  return {
    host: {
      bombs: holdsCells(carried, ownersBombs),
      names: holdsText(carried, ownersName),
      bytes: carried.length,
    },
    others: { bombs: holdsCells(others, ownersBombs), bytes: others.length },
  };
}

const othersHeard = (): Uint8Array => Buffer.concat(parties.slice(1).map(({ heard }) => heard()));
