/** The accounts of a development chain, by their public keys. */
import type { AccountId } from "#rmrk/account.ts";

export const alice = "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d" as AccountId;
export const bob = "8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48" as AccountId;
export const charlie = "90b5ab205c6974c9ea841be688864633dc9ca8a357843eeacf2314649965fe22" as AccountId;
export const dave = "306721211d5404bd9da88e0204360a1a9ab8b87c66c1bc2fcdd37f3c2222cc20" as AccountId;
export const eve = "e659a7a1628cdd93febc04a4e0646ea20e9f5f0ce097d9a05290d4a9e054df4e" as AccountId;
export const people = [alice, bob, charlie, dave, eve] as const;

/** Kusama's and its Asset Hub's. */
export const prefix = 2;
