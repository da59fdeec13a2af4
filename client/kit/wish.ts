/**
 * What the address of the page asks for. The room, and the secret of its invitation, stand in the fragment, which
 * browsers do not send; the place to ask stands in `?at=`, and decides where to connect and nothing else.
 */
import { inviteLink, parseInvite } from "#client/invite.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { Want } from "#protocol/message.ts";

/** A room somebody wants to be in. */
export interface Wish {
  readonly room: RoomId;
  readonly want: Want;
  /** Secret from the invitation. */
  readonly invite?: Uint8Array;
  /** The creator's first visit: from then on the room needs the invitation. Never part of a link. */
  readonly lock?: boolean;
}

/**
 * The wish in a link or a fragment; undefined if it names no room.
 *
 * @throws ClientError "invite-malformed".
 */
export function readWish(link: string): Wish | undefined {
  const invite = parseInvite(link);
  if (invite === undefined) return undefined;
  const watches = new URLSearchParams(link.slice(link.indexOf("#") + 1)).has("watch");
  return { ...invite, want: watches ? "watch" : "play" };
}

/** The page's address with this wish in its fragment. For others, `watch` alone says that the link is for watching. */
export function writeWish(page: string, wish: Wish): string {
  return inviteLink(page, wish) + (wish.want === "watch" ? "&watch" : "");
}

/** What a link pasted into the lobby means. */
export type Pasted =
  | { readonly kind: "wish"; readonly wish: Wish }
  /** Another page, perhaps at another place: to be opened by the browser, not by us. */
  | { readonly kind: "elsewhere" }
  | { readonly kind: "nothing" };

/** @throws ClientError "invite-malformed". */
export function readPasted(text: string, page: string): Pasted {
  const link = text.trim();
  const wish = readWish(link);
  if (wish === undefined) return { kind: "nothing" };
  if (link.startsWith("#") || !link.includes("#")) return { kind: "wish", wish };
  return withoutFragment(link) === withoutFragment(page) ? { kind: "wish", wish } : { kind: "elsewhere" };
}

/** The gateway: where the page came from, unless `?at=` says otherwise. Undefined if neither is an address. */
export function placeOf(page: string): string | undefined {
  const address = new URL(page);
  const at = address.searchParams.get("at");
  const place = URL.parse(at ?? address.origin);
  return place !== null && ["http:", "https:", "ws:", "wss:"].includes(place.protocol) ? place.href : undefined;
}

/** Another page of the same place: `folder` is from this page's, as "../dot4/". */
export function pageBeside(page: string, folder: string, room: RoomId): string {
  const address = new URL(folder, page);
  const at = new URL(page).searchParams.get("at");
  if (at !== null) address.searchParams.set("at", at);
  address.hash = `room=${room}`;
  return address.href;
}

const withoutFragment = (link: string): string => link.split("#", 1)[0]!.replace(/\/index\.html$/, "/");
