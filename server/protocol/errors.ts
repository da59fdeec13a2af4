/**
 * Every way this protocol says no to the other side, with what it means and what to do.
 *
 * Refusals of a rule are values, not errors (see `Outcome` in the contract SDK). Attestation has its own codes.
 * The number goes over the wire; the sentence is what a player may be shown.
 */

interface CodeEntry {
  /** 1 to 999, never reused. */
  readonly number: number;
  /** For a player: what happened and what to do. */
  readonly sentence: string;
  /** Whether the same request may succeed later without anybody changing anything. */
  readonly retry: boolean;
}

export const errorCodes = {
  // Bytes
  malformed: {
    number: 1,
    retry: false,
    sentence: "The other side sent something that cannot be read. Reload the page.",
  },
  "too-long": { number: 2, retry: false, sentence: "That is longer than this room allows." },
  "protocol-mismatch": {
    number: 3,
    retry: false,
    sentence: "This page and the room speak different versions. Reload the page to get the current one.",
  },
  // Channel
  "channel-broken": {
    number: 10,
    retry: true,
    sentence: "A message was changed, lost or repeated on its way. The connection was closed to protect you.",
  },
  "resumption-refused": { number: 11, retry: true, sentence: "The old connection cannot be continued. Joining again." },
  "handshake-failed": {
    number: 12,
    retry: true,
    sentence: "The room could not prove who it is. Nothing was sent to it.",
  },
  "handshake-timeout": { number: 13, retry: true, sentence: "The room did not answer in time. Try again." },
  // Joining
  "room-not-found": { number: 20, retry: false, sentence: "This room does not exist any more." },
  "room-full": { number: 21, retry: false, sentence: "Every seat in this room is taken. You can watch instead." },
  "room-ended": { number: 22, retry: false, sentence: "This room has ended." },
  "contract-unknown": { number: 23, retry: false, sentence: "This place does not host that game." },
  "account-refused": { number: 24, retry: false, sentence: "The room could not check that this account is yours." },
  "invite-required": { number: 25, retry: false, sentence: "This room is private. Ask for its invitation link." },
  "not-admitted": { number: 26, retry: false, sentence: "Join the room before you play." },
  "watching-refused": {
    number: 27,
    retry: false,
    sentence: "This room cannot be watched, or too many watch it already.",
  },
  "options-refused": { number: 28, retry: false, sentence: "This game does not offer that option." },
  "lock-refused": {
    number: 29,
    retry: false,
    sentence: "Somebody was in this room before you, so it cannot be made private. Create a new one.",
  },
  // Playing
  "taken-over": { number: 30, retry: false, sentence: "You opened this room in another window. This one has stopped." },
  "too-many-moves": { number: 31, retry: true, sentence: "Too many moves at once. Wait a moment." },
  "room-faulted": {
    number: 32,
    retry: false,
    sentence: "The rules of this room failed. It was stopped so that nothing wrong counts.",
  },
  left: { number: 33, retry: false, sentence: "You left this room." },
  "room-moved": { number: 34, retry: true, sentence: "This room goes on on another machine. Joining again." },
  "rules-changed": {
    number: 35,
    retry: true,
    sentence: "The rules of this room were replaced, as it was announced. Joining again.",
  },
  "rolled-back": {
    number: 37,
    retry: false,
    sentence:
      "This place went back to an older state of the room than its players have seen, so the room was closed. Nothing " +
      "hidden was shown and nothing was awarded. If the place brings back what is missing, the link works again.",
  },
  "witness-refused": {
    number: 38,
    retry: true,
    sentence:
      "What this device remembers of the room is not the room's own. It was forgotten; joining again without it.",
  },
  // Gateway and worker
  "rate-limited": {
    number: 40,
    retry: true,
    sentence: "Too many requests from your address. Wait a moment and try again.",
  },
  "slow-reader": { number: 41, retry: true, sentence: "Your connection is too slow to follow this room." },
  "worker-lost": { number: 42, retry: true, sentence: "The enclave stopped and is being restarted." },
  "shutting-down": { number: 43, retry: true, sentence: "This place is closing for maintenance." },
  "origin-refused": { number: 44, retry: false, sentence: "This page is not allowed to open rooms here." },
  "platform-unavailable": {
    number: 45,
    retry: true,
    sentence: "This machine cannot prove what it runs, so no room can be opened.",
  },
  busy: { number: 46, retry: true, sentence: "This place is full at the moment. Try again soon." },
  "store-unavailable": {
    number: 48,
    retry: true,
    sentence:
      "Rooms cannot be kept at the moment, so none is opened and none goes on. They do by themselves once they can be kept.",
  },
  "store-full": {
    number: 51,
    retry: true,
    sentence: "This place has no space left to keep rooms, so none goes on. They do by themselves once there is space.",
  },
  "store-damaged": {
    number: 52,
    retry: false,
    sentence: "What this place kept of the room is damaged or missing, so it cannot go on. Nothing hidden was shown.",
  },
  "worker-refused": {
    number: 49,
    retry: false,
    sentence: "The other machine could not show that it runs the same worker. The room stays where it is.",
  },
  // Upgrades, said to whoever asks for one
  "upgrade-frozen": { number: 53, retry: false, sentence: "Nobody may replace the rules of this room." },
  "upgrade-foreign": {
    number: 54,
    retry: false,
    sentence: "That upgrade is for other rooms, or for rules that this place does not host or that do not fit.",
  },
  "upgrade-replayed": { number: 55, retry: false, sentence: "That upgrade was announced here before." },
  "upgrade-notice": { number: 56, retry: false, sentence: "That upgrade gives players less time than was promised." },
  "upgrade-unsigned": { number: 57, retry: false, sentence: "That upgrade is not signed by whoever it names." },
  "upgrade-signer": { number: 58, retry: false, sentence: "That upgrade is signed by a key that has no say here." },
  "upgrade-threshold": { number: 59, retry: false, sentence: "Too few of the keys have signed that upgrade." },
  // Between rooms
  "ticket-refused": {
    number: 80,
    retry: false,
    sentence: "That ticket is not yours, not for this room, used, or has run out. Go back and through the gate again.",
  },
  "record-elsewhere": {
    number: 81,
    retry: false,
    sentence: "You went on in another room, and what you keep is there. Join again to have it here.",
  },
  "record-rolled-back": {
    number: 82,
    retry: false,
    sentence:
      "What you keep was put back to an earlier state. Nobody plays on with it until whoever runs this place brings back the newest.",
  },
  // Moderation
  "reports-refused": {
    number: 83,
    retry: false,
    sentence: "Only this world's moderator reads its reports, by the moderator's key, where a place keeps some.",
  },
  "reports-elsewhere": {
    number: 84,
    retry: false,
    sentence: "This place does not know the address by which it was asked. Whoever runs it names it: --origin.",
  },
  // Wallets
  "wallet-refused": {
    number: 70,
    retry: false,
    sentence: "That is not the wallet's signature for this player on this connection. Nothing was linked; sign again.",
  },
  "wallet-linked": {
    number: 71,
    retry: false,
    sentence: "Another wallet is linked already. To change it, both wallets have to sign.",
  },
  unreachable: { number: 47, retry: true, sentence: "The place cannot be reached. Check your connection." },
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof errorCodes;

/** The other side misbehaved or a limit was met. `code` is for programs; `message` is for logs and holds no secret. */
export class ProtocolError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail?: string) {
    super(detail === undefined ? code : `${code}: ${detail}`);
    this.name = "ProtocolError";
    this.code = code;
  }
}

const byNumber = new Map<number, ErrorCode>(
  Object.entries(errorCodes).map(([code, entry]) => [entry.number, code as ErrorCode]),
);

/** The code with this number, or "malformed" for a number we do not know. */
export const codeOfNumber = (number: number): ErrorCode => byNumber.get(number) ?? "malformed";

/** The wire number of a code. */
export const numberOfCode = (code: ErrorCode): number => errorCodes[code].number;

/** What a player is shown. */
export const sentenceOfCode = (code: ErrorCode): string => errorCodes[code].sentence;
