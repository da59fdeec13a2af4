/** Who is near, and what one can do about them: not hear them, keep them away, tell the moderator. Pure. */
import type { JSX } from "preact";
import { raceNames } from "../avatars/catalogue.ts";
import type { Avatar } from "../port.ts";
import { calledOf, Give, type Desk } from "./order.tsx";
import { Sheet } from "./sheet.tsx";

/** What a room lets one do about others; a rehearsal has nobody to do it about. */
export interface Order {
  /** Of somebody near, by seat; undefined for who has no account, as the guide. */
  readonly playerOf: (id: number) => string | undefined;
  readonly muted: readonly string[];
  readonly blocked: readonly string[];
  readonly space: boolean;
  /** What somebody in this room is called, near or not. */
  readonly nameOf: (player: string) => string | undefined;
  /** What they said lately, that a report would disclose. */
  readonly heard: (player: string) => number;
  readonly onMute: (player: string, mute: boolean) => void;
  readonly onBlock: (player: string, block: boolean) => void;
  readonly onReport: (player: string) => void;
  readonly onSpace: (keep: boolean) => void;
}

interface PeopleProps {
  readonly people: readonly Avatar[];
  readonly own: number | null;
  readonly order: Order | null;
  readonly refusal: string | null;
  /** Of the world's moderator, once they have shown their key. */
  readonly desk: Desk | null;
  readonly onDesk: () => void;
  readonly onClose: () => void;
}

export const PeoplePanel = ({ people, own, order, refusal, desk, onDesk, onClose }: PeopleProps): JSX.Element => (
  <Sheet title={nearTitle(people.length - 1)} onClose={onClose}>
    <p class="refusal" role="alert">
      {refusal}
    </p>
    <ul class="people">
      {people.map((avatar) => (
        <Person key={avatar.id} avatar={avatar} own={avatar.id === own} order={order} desk={desk} />
      ))}
    </ul>
    {order === null ? null : (
      <>
        <Unheard order={order} near={people.map(({ id }) => order.playerOf(id))} />
        <label class="check">
          <input
            type="checkbox"
            data-field="space"
            checked={order.space}
            onChange={(event) => order.onSpace(event.currentTarget.checked)}
          />
          <span>Keep others a step away from me</span>
        </label>
        <p class="small">
          A report shows the moderator of this world what they said near you, at most the last 20 messages, and who you
          are to this world. Whoever runs the server cannot read it. Guests can make new keys, so a ban keeps out a key,
          not a person.
        </p>
        <button class="button small" type="button" data-action="order" onClick={onDesk}>
          For this world’s moderator
        </button>
      </>
    )}
  </Sheet>
);

/** @param others besides oneself. */
const nearTitle = (others: number): string =>
  others <= 0 ? "Nobody else is near" : others === 1 ? "One other is near" : `${others} others are near`;

interface PersonProps {
  readonly avatar: Avatar;
  readonly own: boolean;
  readonly order: Order | null;
  readonly desk: Desk | null;
}

function Person({ avatar, own, order, desk }: PersonProps): JSX.Element {
  const { id, name, look } = avatar;
  const player = own ? undefined : order?.playerOf(id);
  return (
    <li data-person={name}>
      <span>
        <b>{name}</b> {own ? `${raceNames[look.race]}, you` : raceNames[look.race]}
      </span>
      {player === undefined || order === null ? null : <Deeds name={name} player={player} order={order} desk={desk} />}
    </li>
  );
}

function Deeds({
  name,
  player,
  order,
  desk,
}: {
  readonly name: string;
  readonly player: string;
  readonly order: Order;
  readonly desk: Desk | null;
}): JSX.Element {
  return (
    <span class="deeds">
      <Shun name={name} player={player} order={order} />
      <button
        class="button small"
        type="button"
        data-action="report"
        aria-label={`Report ${name}`}
        disabled={order.heard(player) === 0}
        onClick={() => order.onReport(player)}
      >
        Report
      </button>
      {desk === null ? null : (
        <>
          <Give order="kick" player={player} desk={desk} />
          <Give order="ban" player={player} desk={desk} />
        </>
      )}
    </span>
  );
}

interface ShunProps {
  readonly name: string;
  readonly player: string;
  readonly order: Order;
}

function Shun({ name, player, order }: ShunProps): JSX.Element {
  const muted = order.muted.includes(player);
  const blocked = order.blocked.includes(player);
  return (
    <>
      <button
        class="button small"
        type="button"
        data-action="mute"
        aria-pressed={muted}
        aria-label={`Mute ${name}`}
        onClick={() => order.onMute(player, !muted)}
      >
        {muted ? "Muted" : "Mute"}
      </button>
      <button
        class="button small"
        type="button"
        data-action="block"
        aria-pressed={blocked}
        aria-label={`Block ${name}`}
        onClick={() => order.onBlock(player, !blocked)}
      >
        {blocked ? "Blocked" : "Block"}
      </button>
    </>
  );
}

interface UnheardProps {
  readonly order: Order;
  readonly near: readonly (string | undefined)[];
}

/** Whom one does not hear and who is not near: so that one can hear them again. */
function Unheard({ order, near }: UnheardProps): JSX.Element | null {
  const away = [...new Set([...order.muted, ...order.blocked])].filter((player) => !near.includes(player));
  if (away.length === 0) return null;
  return (
    <section class="shelf" data-part="unheard">
      <h3>Muted or blocked, and not near</h3>
      <ul class="people">
        {away.map((player) => {
          const name = calledOf(player, order);
          return (
            <li key={player} data-unheard={player}>
              <span>
                <b>{name}</b>
              </span>
              <span class="deeds">
                <Shun name={name} player={player} order={order} />
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
