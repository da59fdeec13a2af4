/** Every refusal of the loop in a sentence, by the name of the error that stood for it in the original where there was one. */

export const refusals = {
  // Spirits
  SpiritClaimNotAvailable: "No Spirits can be claimed now.",
  BelowMinimumBalanceThreshold: "A Spirit comes only to whoever has 10 PHA to show. Nothing is charged.",
  SpiritAlreadyClaimed: "You have your Spirit already. Everybody has one.",
  SpiritsAllGiven: "This hub has given all its Spirits: in another hub there is one for you.",
  InvalidSpiritClaim: "Your ticket is not one for a Spirit, or has been used, or has run out.",
  // Origins of Shell
  RareOriginOfShellPurchaseNotAvailable: "Legendary and Magic Origins of Shell are not on sale now.",
  PrimeOriginOfShellPurchaseNotAvailable: "Prime Origins of Shell are not on sale now.",
  PreorderOriginOfShellNotAvailable: "Preorders are closed, or you have one already.",
  PreordersFull: "The list of preorders is full.",
  MustOwnSpiritToPurchase: "An Origin of Shell needs a Spirit. Claim yours first.",
  OriginOfShellAlreadyPurchased: "You own an Origin of Shell. Until the last day of sale one is all.",
  OriginsFull: "You own as many Origins of Shell as one account can.",
  WhitelistVerificationFailed: "A Prime Origin of Shell needs a ticket before the last day of sale.",
  InvalidPurchase: "That rarity is not sold here.",
  RaceMintMaxReached: "That race is sold out in this rarity.",
  NoAvailableRaceGiveawayLeft: "No giveaway of that race is left.",
  NoAvailableRaceReservedLeft: "No reserved Origin of that race is left.",
  NotEnoughMoney: "You do not have that many PHA.",
  // Incubation
  StartIncubationNotAvailable: "The incubators are closed.",
  HatchingInProgress: "This Origin of Shell is in its incubator already.",
  NotOwner: "That is not yours.",
  NoPermission: "Only owners of an Origin of Shell have food.",
  CannotSendFoodToOriginOfShell: "That Origin of Shell takes no food: it is not in an incubator, or its time is up.",
  NoFoodLeftToFeedOriginOfShell: "You have no food left in this era.",
  AlreadySentFoodTwice: "You have fed this one twice in this era.",
  CannotHatchOriginOfShell: "It cannot hatch yet.",
  // Shells
  NoSuchThing: "There is no such thing.",
  WrongSlot: "That part is not worn there.",
} as const;

export type Refusal = keyof typeof refusals;

export const isRefusal = (answer: object | Refusal): answer is Refusal => typeof answer === "string";
