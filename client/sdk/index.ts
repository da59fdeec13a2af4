/** `phatroom/client`: join a room whose enclave was verified first. */
export { guestAccount, type Account, type Credentials } from "./account.ts";
export { openExtension, walletExtensions, type ExtensionWallet } from "./extension.ts";
export type { MoveOf, ViewOf } from "./contract-types.ts";
export type { ColumnsOf, Entities, EntityEvents, Texts } from "./entities/entities.ts";
export { ClientError, sentenceOf, type ClientErrorCode, type ErrorSource } from "./errors.ts";
export type { Input, InputFigures, Prediction, PredictionErrors, Wanted } from "./input/input.ts";
export { loadPredictor, type Predictor } from "./input/predictor.ts";
export { inviteLink, newInviteSecret, parseInvite, type Invite } from "./invite.ts";
export { join } from "./join.ts";
export { defaultTimeouts, type JoinOptions, type JoinStep, type Timeouts } from "./join-options.ts";
export { indexedDbKeyStore, memoryKeyStore, type KeyStore, type StoredKey } from "./key-store.ts";
export { createRoom, info, listRooms, quickMatch, type Asking, type PlaceInfo, type RoomWish } from "./lobby.ts";
export { showOverlay, type OverlayOptions } from "./overlay.ts";
export type { ConnectionState, InputOptions, MoveOutcome, RevealedLog, Room, RoomEvents, RoomFigures } from "./room.ts";
export type { Shield } from "./shield.ts";
export { simulateNetwork, type NetworkConditions } from "./simulated-network.ts";
export type { Connection, Receiver, Transport } from "./transport.ts";
export type { Wallet } from "./wallet.ts";
export type { PreSigned, VoucherEntry, VoucherReason, VoucherStage } from "#protocol/award.ts";
export { voucherReasons } from "#protocol/award.ts";
export { indexedDbWitnessStore, memoryWitnessStore, type WitnessStore } from "./witness-store.ts";

export type { Check } from "#attestation/appraise.ts";
export { checkPolicy } from "#attestation/check-policy.ts";
export { developmentPolicy, type Policy } from "#attestation/policy.ts";
export type { Listing } from "#protocol/control.ts";
export { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
export { isRoomId, type RoomId } from "#protocol/identity.ts";
export type { AwardEntry, Ended, FrozenReason, Phase, RosterEntry, Status, Want } from "#protocol/message.ts";
export type { TicketEntry } from "#protocol/travel.ts";
export type { Value } from "#protocol/value.ts";
export { decodeAddress, encodeAddress, readAddress, type AccountId } from "#rmrk/account.ts";
export {
  acceptAct,
  burnAct,
  buyAct,
  emoteAct,
  equipAct,
  listAct,
  refusalOf,
  royaltyOn,
  sendAct,
  themeAct,
  unequipAct,
  type Act,
  type Payment,
} from "#rmrk/acts.ts";
export { encodeRemark } from "#rmrk/codec/interaction.ts";
export { refusalCodes, RmrkError, type RefusalCode } from "#rmrk/errors.ts";
