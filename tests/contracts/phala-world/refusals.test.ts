/** Every error of the original Phala World has its counterpart here: a refusal in a sentence, or the reason why it cannot be. */
import { expect, test } from "vitest";
import { refusals, type Refusal } from "../../../contracts/phala-world/loop/refusals.ts";
import { moveSchema } from "../../../contracts/phala-world/moves.ts";

/** Pallets `nft_sale` and `incubation` of Phala's khala-parachain, as of February 2025. */
const original = {
  // Refused here by the same name
  SpiritClaimNotAvailable: "SpiritClaimNotAvailable",
  RareOriginOfShellPurchaseNotAvailable: "RareOriginOfShellPurchaseNotAvailable",
  PrimeOriginOfShellPurchaseNotAvailable: "PrimeOriginOfShellPurchaseNotAvailable",
  PreorderOriginOfShellNotAvailable: "PreorderOriginOfShellNotAvailable",
  SpiritAlreadyClaimed: "SpiritAlreadyClaimed",
  InvalidSpiritClaim: "InvalidSpiritClaim",
  MustOwnSpiritToPurchase: "MustOwnSpiritToPurchase",
  OriginOfShellAlreadyPurchased: "OriginOfShellAlreadyPurchased",
  BelowMinimumBalanceThreshold: "BelowMinimumBalanceThreshold",
  WhitelistVerificationFailed: "WhitelistVerificationFailed",
  InvalidPurchase: "InvalidPurchase",
  RaceMintMaxReached: "RaceMintMaxReached",
  NoAvailableRaceReservedLeft: "NoAvailableRaceReservedLeft",
  StartIncubationNotAvailable: "StartIncubationNotAvailable",
  HatchingInProgress: "HatchingInProgress",
  CannotHatchOriginOfShell: "CannotHatchOriginOfShell",
  CannotSendFoodToOriginOfShell: "CannotSendFoodToOriginOfShell",
  AlreadySentFoodTwice: "AlreadySentFoodTwice",
  NotOwner: "NotOwner",
  NoPermission: "NoPermission",
  NoFoodLeftToFeedOriginOfShell: "NoFoodLeftToFeedOriginOfShell",
  // Under another name
  NoAvailableRaceGivewayLeft: "NoAvailableRaceGiveawayLeft",
  NoAvailablePreorderId: "PreordersFull",
  NoAvailableNftId: "OriginsFull",
  ValueNotDetected: "NoSuchThing",
  MaxFoodFedLimitReached: "AlreadySentFoodTwice",
  NoFoodAvailable: "NoFoodLeftToFeedOriginOfShell",
  NoHatchTimeDetected: "CannotHatchOriginOfShell",
  // Whoever ran it had to set it up, step by step; here all of it is there when the hub opens
  WorldClockAlreadySet: { because: "the clock begins with the hub" },
  OverlordNotSet: { because: "nobody's key makes things go on" },
  SpiritCollectionNotSet: { because: "collections are part of the rules" },
  SpiritCollectionIdAlreadySet: { because: "collections are part of the rules" },
  SpiritsMetadataNotSet: { because: "collections are part of the rules" },
  OriginOfShellCollectionNotSet: { because: "collections are part of the rules" },
  OriginOfShellCollectionIdAlreadySet: { because: "collections are part of the rules" },
  OriginOfShellsMetadataNotSet: { because: "collections are part of the rules" },
  NoAvailableCollectionId: { because: "collections are part of the rules" },
  ShellCollectionIdAlreadySet: { because: "collections are part of the rules" },
  ShellCollectionIdNotSet: { because: "collections are part of the rules" },
  ShellPartsCollectionIdAlreadySet: { because: "collections are part of the rules" },
  ShellPartsCollectionIdNotSet: { because: "collections are part of the rules" },
  WrongCollectionId: { because: "a thing has a number, not a collection" },
  OriginOfShellInventoryAlreadySet: { because: "the inventory is there when the hub opens" },
  OriginOfShellInventoryCorrupted: { because: "the inventory is there when the hub opens" },
  PayeeNotSet: { because: "play money goes to nobody" },
  SignerNotSet: { because: "tickets are given by the moderator, not signed" },
  // The draw and the hatching were somebody's batches; here they happen by themselves
  PreorderClaimNotAvailable: { because: "what is drawn is minted at once" },
  PreorderClaimNotDetected: { because: "what is drawn is minted at once" },
  RefundClaimNotDetected: { because: "what is not drawn is paid back at once" },
  PreorderIsPending: { because: "a preorder cannot be taken back" },
  PreordersCorrupted: { because: "the draw knows every preorder" },
  NotPreorderOwner: { because: "a preorder cannot be taken back" },
  ChosenPartsNotDetected: { because: "parts are drawn when it hatches" },
  CannotSetOriginOfShellChosenParts: { because: "nobody chooses parts" },
  MissingShellPartMetadata: { because: "parts are kinds that the rules know" },
  FoodInfoUpdateError: { because: "food is counted where it is given" },
  // Not what can be asked for: moves are parsed before rules see them
  InvalidMetadata: { because: "no move", move: { do: "buy-origin", rarity: "prime", race: "robot", career: "monk" } },
  WrongRarityType: { because: "no move", move: { do: "buy-origin", rarity: "epic", race: "xgene", career: "monk" } },
  InvalidStatusType: { because: "no move", move: { do: "set-status", open: true } },
  WrongNftSaleType: {
    because: "no move",
    move: { do: "gift", player: "ab".repeat(16), from: "sale", rarity: "prime", race: "xgene", career: "monk" },
  },
  KeyTooLong: { because: "no move", move: { do: "wear", shell: "x".repeat(99), part: 1 } },
  NoAvailableResourceId: { because: "a part has no resources in the hub" },
  RaceNotDetected: { because: "an Origin has a race from the beginning" },
  CareerNotDetected: { because: "an Origin has a career from the beginning" },
  RarityTypeNotDetected: { because: "an Origin has a rarity from the beginning" },
  GenerationNotDetected: { because: "there is one generation" },
  // Said of the moderator's moves, by `keepOrder`
  RequireOverlordAccount: { because: "Only the world's moderator can do that." },
} as const satisfies Record<string, Refusal | { readonly because: string; readonly move?: unknown }>;

test("all sixty-seven have a counterpart", () => {
  expect(Object.keys(original)).toHaveLength(67);
});

test("refusals are sentences, each of its own", () => {
  for (const sentence of Object.values(refusals)) expect(sentence).toMatch(/^[A-Z].*\.$/);
  expect(new Set(Object.values(refusals)).size).toBe(Object.keys(refusals).length);
});

test("what the original had no name for is how many Spirits a hub gives, money, and parts that are worn", () => {
  const known = new Set<string>(Object.values(original).filter((counterpart) => typeof counterpart === "string"));
  expect(Object.keys(refusals).filter((name) => !known.has(name))).toEqual([
    "SpiritsAllGiven",
    "NotEnoughMoney",
    "WrongSlot",
  ]);
});

test("what cannot be asked for is no move", () => {
  for (const counterpart of Object.values(original)) {
    if (typeof counterpart === "string" || !("move" in counterpart)) continue;
    const parsed = moveSchema["~standard"].validate(counterpart.move);
    expect(parsed).toMatchObject({ issues: expect.anything() });
  }
});
