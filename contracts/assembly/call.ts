/** One call of the ABI, as it is read from the input. */
import { Player, Viewer } from "./contract";
import { beginReading, readBytesInPlace, readList, readMap, readText, readValue, readWhole } from "./reader";
import { Kind, Value } from "./value";

/** Effects one call may have; the host's limit. */
export const effectsMax: i32 = 256;

/** What a call may hold besides its name. */
export class Call {
  name: string = "";
  tick: i64 = 0;
  key: usize = 0;
  options: Value | null = null;
  player: Player = nobody;
  viewers: Viewer[] = [];
  absent: Player[] = [];
  /** Who is seated when other rules take over. */
  players: Player[] = [];
  /** Items that the room can still award; the host says so when it is less than what one call can award. */
  itemsLeft: i32 = effectsMax;
  /** Of a move or a timer, what came of a request, what somebody owns, why an item is not used up, or what the rules before saved. */
  value: Value = nothing;
  /** Name of the timer that fires, or id of what is answered or was to be used up. */
  timer: string = "";
  /** Whose item was to be used up. */
  owner: string = "";
  brought: Brought = emptyHanded;
}

/** What somebody who takes a seat, or comes back to it, brings from outside the room. */
export class Brought {
  record: Value = nothing;
  arrival: Value | null = null;
  isModerator: bool = false;
}

const nobody = new Player("", -1);
const nothing = new Value(Kind.Nothing);
/** Nobody writes to it. */
const emptyHanded = new Brought();

export function readCall(): Call {
  const call = new Call();
  const brought = new Brought();
  call.brought = brought;
  beginReading();
  for (let members = readMap(); members > 0; members--) {
    const name = readText();
    if (name == "call") call.name = readText();
    else if (name == "tick") call.tick = readWhole();
    else if (name == "player") call.player = readPlayer();
    else if (
      name == "move" ||
      name == "payload" ||
      name == "answer" ||
      name == "state" ||
      name == "items" ||
      name == "refused"
    )
      call.value = readValue();
    else if (name == "record") brought.record = readValue();
    else if (name == "arrival") brought.arrival = readValue();
    else if (name == "moderator") brought.isModerator = readValue().asNumber == 1;
    else if (name == "viewers") call.viewers = readViewers();
    else if (name == "name" || name == "id" || name == "item") call.timer = readText();
    else if (name == "itemsLeft") call.itemsLeft = <i32>readWhole();
    else if (name == "owner") call.owner = readText();
    else if (name == "key") call.key = readBytesInPlace();
    else if (name == "options") call.options = readValue();
    else if (name == "absent") call.absent = readPlayers();
    else if (name == "players") call.players = readPlayers();
    else readValue();
  }
  return call;
}

/** Also what is more than a player: of a spectator the id is "". */
function readPlayer(): Player {
  let id = "";
  let seat = -1;
  for (let members = readMap(); members > 0; members--) {
    const name = readText();
    if (name == "id") id = readText();
    else if (name == "seat") seat = <i32>readWhole();
    else readValue();
  }
  return new Player(id, seat);
}

function readPlayers(): Player[] {
  const players: Player[] = [];
  for (let left = readList(); left > 0; left--) players.push(readPlayer());
  return players;
}

function readViewers(): Viewer[] {
  const viewers: Viewer[] = [];
  for (let left = readList(); left > 0; left--) {
    const player = readPlayer();
    viewers.push(new Viewer(player.id == "" ? null : player));
  }
  return viewers;
}
