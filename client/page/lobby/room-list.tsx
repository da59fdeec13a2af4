/** The list of open games. */
import type { JSX } from "preact";
import type { Listing } from "#protocol/control.ts";
import { Eye, Play } from "#kit/parts/icons.tsx";
import { useListings } from "#kit/parts/listings.ts";
import type { Wish } from "#kit/wish.ts";
import { canJoin, inOrder, roomNickname, stateOf } from "./room-words.ts";

interface RoomListProps {
  readonly load: (signal: AbortSignal) => Promise<readonly Listing[]>;
  readonly onEnter: (wish: Wish) => void;
}

export function RoomList({ load, onEnter }: RoomListProps): JSX.Element {
  const { rooms, trouble } = useListings(load, "The list of games cannot be read.");
  return (
    <section class="glass ticks rooms" aria-labelledby="rooms-title">
      <h2 id="rooms-title">Open games</h2>
      {trouble.value === null ? null : (
        <p class="rooms-trouble" role="status">
          {trouble.value}
        </p>
      )}
      <Rooms rooms={rooms.value && inOrder(rooms.value)} onEnter={onEnter} />
    </section>
  );
}

interface RoomsProps {
  /** Null: not asked yet. */
  readonly rooms: readonly Listing[] | null;
  readonly onEnter: (wish: Wish) => void;
}

/** A pure function of the rooms. */
export function Rooms({ rooms, onEnter }: RoomsProps): JSX.Element {
  if (rooms === null) return <p class="rooms-none">Looking for games…</p>;
  if (rooms.length === 0) {
    return (
      <p class="rooms-none" data-rooms="0">
        No game is open at the moment. <b>Play now</b> opens one, and the next person who comes joins you.
      </p>
    );
  }
  return (
    <ul class="room-list" data-rooms={rooms.length}>
      {rooms.map((room) => (
        <li class="room-row" key={room.room} data-room={room.room} data-phase={room.phase}>
          <div>
            <b>{roomNickname(room.room)}</b>
            <small>
              {stateOf(room)}
              {room.options["clock"] === "10" ? " · fast, 10 s a turn" : ""}
            </small>
          </div>
          {canJoin(room) ? (
            <button
              class="button small"
              type="button"
              data-action="join"
              aria-label={`Join ${roomNickname(room.room)}`}
              onClick={() => onEnter({ room: room.room, want: "play" })}
            >
              <Play />
              Join
            </button>
          ) : null}
          <button
            class="button small"
            type="button"
            data-action="watch"
            aria-label={`Watch ${roomNickname(room.room)}`}
            onClick={() => onEnter({ room: room.room, want: "watch" })}
          >
            <Eye />
            Watch
          </button>
        </li>
      ))}
    </ul>
  );
}
