/** What is asked before something is signed: to whom, for how much, and whether that is really meant. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Dialog } from "#kit/parts/dialog.tsx";
import { decodeAddress, type AccountId } from "#rmrk/account.ts";
import { burnAct, listAct, sendAct } from "#rmrk/acts.ts";
import { refusalCodes, RmrkError, type RefusalCode } from "#rmrk/errors.ts";
import { isNftId, type NftId } from "#rmrk/ids.ts";
import { itemOf } from "#rmrk/queries/inventory.ts";
import { amountText, readAmount } from "../chain/terms.ts";
import type { InventoryState } from "../inventory-state.ts";
import { nameOf } from "../words.ts";
import { pictureOf } from "./tree.tsx";

interface DialogProps {
  readonly state: InventoryState;
  readonly id: NftId;
}

const close = (state: InventoryState) => (): void => {
  state.dialog.value = undefined;
};

const nameIn = (state: InventoryState, id: NftId): string => {
  const item = itemOf(state.standing.items, id);
  return item === undefined ? "this item" : nameOf(item, pictureOf(item));
};

/** To an account, or into another of one's items. */
export function SendDialog({ state, id }: DialogProps): JSX.Element {
  const text = useSignal("");
  const { prefix } = state.options.terms;
  const typed = text.value.trim();
  const recipient = typed === "" ? undefined : readRecipient(typed, prefix);
  const wrong = typeof recipient === "object" ? recipient.wrong : undefined;
  const name = nameIn(state, id);
  const send = (event: Event): void => {
    event.preventDefault();
    if (typeof recipient !== "string") return;
    state.dialog.value = undefined;
    void state.undertake(`Send ${name}`, sendAct(id, recipient), ({ items }) => {
      const owner = items.nfts.get(id)?.owner;
      return (typeof owner === "object" ? owner.id : owner) === recipient;
    });
  };
  const others = state.items.value.filter((item) => item.id !== id && !item.pending && item.price === 0n);
  return (
    <Dialog title={`Send ${name}`} onClose={close(state)}>
      <form onSubmit={send}>
        <label class="field">
          <span>To this address</span>
          <input
            class="input"
            data-field="recipient"
            value={text.value}
            autocomplete="off"
            spellcheck={false}
            aria-invalid={wrong !== undefined}
            aria-describedby="recipient-says"
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
        </label>
        <p id="recipient-says" role="status" class={wrong === undefined ? "label" : "label wrong"} data-says>
          {wrong ?? "An address is checked before anything is signed; a wrong one loses nothing."}
        </p>
        {others.length > 0 ? (
          <label class="field">
            <span>Or into one of your items</span>
            <select class="input" onChange={(event) => (text.value = event.currentTarget.value)}>
              <option value="">None</option>
              {others.map((item) => (
                <option key={item.id} value={item.id}>
                  {nameOf(item, pictureOf(item))}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <div class="buttons">
          <button class="button" type="button" onClick={close(state)}>
            Keep it
          </button>
          <button class="button main" type="submit" data-action="sign" disabled={typeof recipient !== "string"}>
            Sign in the wallet
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** An account, an item, or what is wrong with what was typed. */
function readRecipient(text: string, prefix: number): AccountId | NftId | { readonly wrong: string } {
  if (isNftId(text)) return text;
  try {
    return decodeAddress(text, prefix);
  } catch (error) {
    if (!(error instanceof RmrkError)) throw error;
    return { wrong: refusalCodes[error.code as RefusalCode] };
  }
}

export function ListDialog({ state, id }: DialogProps): JSX.Element {
  const text = useSignal("");
  const { terms } = state.options;
  const item = itemOf(state.standing.items, id);
  const price = readAmount(text.value, terms);
  const name = nameIn(state, id);
  const offer = (amount: bigint, says: string): void => {
    state.dialog.value = undefined;
    void state.undertake(says, listAct(id, amount), ({ items }) => items.nfts.get(id)?.listing?.price === amount);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (price !== undefined && price > 0n) offer(price, `Offer ${name} for ${amountText(price, terms)}`);
  };
  return (
    <Dialog title={`Sell ${name}`} onClose={close(state)}>
      <form onSubmit={submit}>
        <label class="field">
          <span>Price in {terms.symbol}</span>
          <input
            class="input"
            data-field="price"
            inputMode="decimal"
            value={text.value}
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
        </label>
        <p class="label">A price stays for five blocks. Whoever buys it pays you, and royalties, in one transaction.</p>
        <div class="buttons">
          {item !== undefined && item.price > 0n ? (
            <button class="button" type="button" data-action="unlist" onClick={() => offer(0n, `Keep ${name}`)}>
              Take it off the list
            </button>
          ) : null}
          <button class="button main" type="submit" data-action="sign" disabled={price === undefined || price === 0n}>
            Sign in the wallet
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function BurnDialog({ state, id }: DialogProps): JSX.Element {
  const name = nameIn(state, id);
  const inside = itemOf(state.standing.items, id)?.children.length ?? 0;
  const burn = (): void => {
    state.dialog.value = undefined;
    void state.undertake(`Destroy ${name}`, burnAct(id), ({ items }) => !items.nfts.has(id));
  };
  return (
    <Dialog title={`Destroy ${name}?`} onClose={close(state)}>
      <p>
        It is gone for ever{inside > 0 ? `, with the ${inside} in it` : ""}. Nobody can issue it again, for it was
        earned once.
      </p>
      <div class="buttons">
        <button class="button" type="button" onClick={close(state)}>
          Keep it
        </button>
        <button class="button danger" type="button" data-action="sign" onClick={burn}>
          Destroy it
        </button>
      </div>
    </Dialog>
  );
}
