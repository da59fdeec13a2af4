/** What the room sends beside rows and views, in words; and what was heard lately, for a report. */
import type { SaidMessage } from "#phala-world/speech.ts";
import type { HeardMessage } from "#phala-world/moves.ts";
import type { Value } from "#protocol/value.ts";
import type { WorldEvent } from "../port.ts";

/** Everything that the hub sends, by what it is about. */
type HubMessage =
  | SaidMessage
  | { readonly found: { readonly kind: string } }
  | { readonly fed: { readonly by: string; readonly origin: number } }
  | { readonly draw: { readonly chosen: readonly number[]; readonly preorders: readonly number[] } }
  | { readonly out: string };

/** Messages that one report may disclose: the rules take no more. */
export const disclosedMax = 20;

/** Messages that are kept, of everybody together. */
const heardMax = 200;

export class Hearing {
  #heard: readonly HeardMessage[] = [];

  /** @returns what it means for this page; undefined for what a newer room sends. */
  hear(message: Value): WorldEvent | undefined {
    const known = message as unknown as HubMessage;
    if (typeof known !== "object" || known === null) return undefined;
    if ("said" in known) return this.#said(known);
    if ("found" in known) return notice(`You dug up a ${known.found.kind}. It is yours.`);
    if ("fed" in known) return notice(`${known.fed.by} has fed your Origin of Shell.`);
    if ("draw" in known) {
      const { chosen, preorders } = known.draw;
      return notice(
        `Of ${preorders.length} preorders ${chosen.length} were drawn. Anybody can draw again, from the seed that was published.`,
      );
    }
    return "out" in known ? notice(known.out) : undefined;
  }

  /** The newest of what this player said here, oldest first: what a report may disclose. */
  of(player: string): HeardMessage[] {
    return this.#heard.filter(({ from }) => from === player).slice(-disclosedMax);
  }

  #said({ said }: SaidMessage): WorldEvent {
    const { from, seat, name, text, tick, mac } = said;
    this.#heard = [...this.#heard, { from, tick, text, mac: new Uint8Array(mac) }].slice(-heardMax);
    return { kind: "said", from: seat, name, text };
  }
}

const notice = (text: string): WorldEvent => ({ kind: "notice", text });
