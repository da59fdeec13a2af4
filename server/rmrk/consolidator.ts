/** The reducer: remarks in the order of the chain make the state, the same one wherever it is computed. */
import { decodeRemark, type Interaction, type Op } from "./codec/interaction.ts";
import { translate } from "./compat/translate.ts";
import { RmrkError, type RefusalCode } from "./errors.ts";
import type { ItemEvent } from "./events.ts";
import type { Remark } from "./remark.ts";
import { base, equippable, themeAdd } from "./rules/bases.ts";
import { changeIssuer, create, destroy, lock } from "./rules/collections.ts";
import { emote } from "./rules/emotes.ts";
import { equip } from "./rules/equip.ts";
import { buy, list } from "./rules/market.ts";
import { mint } from "./rules/mint.ts";
import { setProperty } from "./rules/properties.ts";
import { resourceAdd, setPriority } from "./rules/resources.ts";
import type { Rule } from "./rules/rule.ts";
import { accept, burn, send } from "./rules/send.ts";
import { openPurse } from "./state/purse.ts";
import type { State } from "./state/state.ts";

export type Outcome =
  | { readonly accepted: true; readonly interaction: Interaction; readonly events: readonly ItemEvent[] }
  | { readonly accepted: false; readonly code: RefusalCode };

export interface ApplyOptions {
  /** Old collections count too: `compat/` says which forms of remarks. The same for all remarks of a state. */
  readonly compat?: boolean | undefined;
}

const rules: { readonly [O in Op]: Rule<Extract<Interaction, { op: O }>> } = {
  CREATE: create,
  CHANGEISSUER: changeIssuer,
  LOCK: lock,
  DESTROY: destroy,
  BASE: base,
  EQUIPPABLE: equippable,
  THEMEADD: themeAdd,
  MINT: mint,
  SEND: send,
  ACCEPT: accept,
  RESADD: resourceAdd,
  SETPRIORITY: setPriority,
  SETPROPERTY: setProperty,
  EQUIP: equip,
  LIST: list,
  BUY: buy,
  BURN: burn,
  EMOTE: emote,
};

/**
 * Applies the next remark. The state is written in place, and only if the remark is accepted; a refused one leaves it as
 * it was. Remarks come in the order of blocks, of extrinsics in a block, and of calls in an extrinsic: finalized ones
 * only, for there is no way back but a snapshot.
 *
 * @throws RangeError if a remark is older than the one before it: whoever follows the chain is wrong.
 */
export function apply(state: State, remark: Remark, { compat = false }: ApplyOptions = {}): Outcome {
  const { purse } = state;
  const { block, extrinsic } = remark;
  if (block < purse.block || (block === purse.block && extrinsic < purse.extrinsic)) {
    throw new RangeError("remarks are applied in the order of the chain");
  }
  openPurse(state, remark);
  let interaction: Interaction;
  try {
    interaction = decodeRemark(compat ? translate(state, remark.bytes) : remark.bytes, state.prefix);
  } catch (error) {
    if (!(error instanceof RmrkError)) throw error;
    return { accepted: false, code: error.code as RefusalCode };
  }
  const ruling = (rules[interaction.op] as Rule<Interaction>)(state, remark, interaction);
  return typeof ruling === "string"
    ? { accepted: false, code: ruling }
    : { accepted: true, interaction, events: ruling };
}
