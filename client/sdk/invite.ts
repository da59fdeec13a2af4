/**
 * Links to a room. Everything stands in the fragment, which browsers never send: the gateway learns neither the secret
 * nor who was invited by whom. The worker checks the secret inside the channel.
 */
import { isRoomId, type RoomId } from "#protocol/identity.ts";
import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { ClientError } from "./errors.ts";

export interface Invite {
  readonly room: RoomId;
  /** For rooms that were locked: 16 to 32 bytes. */
  readonly invite?: Uint8Array;
}

const secretLength = 16;

/** A new secret for `join(…, { invite, lock: true })`: 16 random bytes. */
export const newInviteSecret = (): Uint8Array => crypto.getRandomValues(new Uint8Array(secretLength));

/** The address of `page` with `#room=…&invite=…` in place of its own fragment. */
export function inviteLink(page: string, invite: Invite): string {
  const [address] = page.split("#", 1);
  const secret = invite.invite === undefined ? "" : `&invite=${encodeBase64url(invite.invite)}`;
  return `${address}#room=${invite.room}${secret}`;
}

/**
 * Reads a link, or a fragment such as `location.hash`. Undefined if it names no room.
 *
 * @throws ClientError "invite-malformed" if it names one, but not completely.
 */
export function parseInvite(link: string): Invite | undefined {
  const fields = new URLSearchParams(link.slice(link.indexOf("#") + 1));
  const room = fields.get("room");
  if (room === null) return undefined;
  if (!isRoomId(room)) throw new ClientError("invite-malformed", { detail: "room" });
  const text = fields.get("invite");
  if (text === null) return { room };
  const invite = decodeBase64url(text);
  if (invite === undefined || invite.length < 16 || invite.length > 32) {
    throw new ClientError("invite-malformed", { detail: "secret" });
  }
  return { room, invite };
}
