/** What a rule is: an accepted interaction's events, or the code of why it is refused. Nothing is written before that is clear. */
import type { ItemEvent } from "../events.ts";
import type { RefusalCode } from "../errors.ts";
import type { Remark } from "../remark.ts";
import type { State } from "../state/state.ts";

export type Ruling = readonly ItemEvent[] | RefusalCode;

export type Rule<Interaction> = (state: State, remark: Remark, interaction: Interaction) => Ruling;
