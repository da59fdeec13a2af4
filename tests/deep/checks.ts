/** All deep checks, in the order in which they run. */
import { adversaryItems } from "./adversary-items.ts";
import { awards } from "./awards.ts";
import { chainProofs } from "./chain-proofs.ts";
import type { DeepCheck } from "./deep.ts";
import { determinismArm64 } from "./determinism-arm64.ts";
import { evidence } from "./evidence.ts";
import { fuzzGateway } from "./fuzz-gateway.ts";
import { fuzzHardener } from "./fuzz-hardener.ts";
import { fuzzWorker } from "./fuzz-worker.ts";
import { issuing, issuingNfts } from "./issuing.ts";
import { kills } from "./kills.ts";
import { models } from "./models.ts";
import { replayMutants } from "./replay.ts";
import { reproducible } from "./reproducible.ts";
import { rmrk, rmrkOracle } from "./rmrk.ts";
import { secrecyDot4, secrecyDot4Engine } from "./secrecy-dot4.ts";
import { secrecyHub } from "./secrecy-hub.ts";
import { secrecySkirmish } from "./secrecy-skirmish.ts";
import { soakCheck } from "./soak.ts";
import { survival } from "./survival.ts";
import { twinsMover } from "./twins-mover.ts";

export const checks: readonly DeepCheck[] = [
  fuzzWorker,
  fuzzGateway,
  fuzzHardener,
  evidence,
  secrecyDot4,
  secrecyDot4Engine,
  secrecySkirmish,
  secrecyHub,
  twinsMover,
  replayMutants,
  rmrk,
  rmrkOracle,
  soakCheck,
  survival,
  kills,
  chainProofs,
  issuing,
  issuingNfts,
  adversaryItems,
  awards,
  reproducible,
];

/** Run only when they are named: they want what a machine does not have by itself. */
export const checksOnRequest: readonly DeepCheck[] = [determinismArm64, models];
