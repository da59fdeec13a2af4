/** Whose items these are: wallets of the browser, or any address that somebody types. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { CopyButton } from "#kit/parts/copy-button.tsx";
import { Dialog } from "#kit/parts/dialog.tsx";
import { Key } from "#kit/parts/icons.tsx";
import { encodeAddress, readAddress } from "#rmrk/account.ts";
import { reasonOf, type InventoryState } from "../inventory-state.ts";
import { shortAddress } from "../words.ts";

interface AccountProps {
  readonly state: InventoryState;
}

export function AccountBar({ state }: AccountProps): JSX.Element {
  const { terms, link } = state.options;
  const account = state.account.value;
  const wallet = state.wallet.value;
  return (
    <section class="account glass" aria-label="Account" data-account={account}>
      <Key />
      <div class="account-words">
        {account === undefined ? (
          <b>Nobody's items yet</b>
        ) : (
          <b>
            {wallet?.name || "Account"} <code>{shortAddress(encodeAddress(account, terms.prefix))}</code>
            <CopyButton bare look="small round" label="Copy the address" text={encodeAddress(account, terms.prefix)} />
          </b>
        )}
        <small>
          {wallet === undefined ? "Open a wallet, or look at any address." : "Your wallet signs what you do."}
        </small>
        {state.linkSays.value === undefined ? null : (
          <small role="status" data-link-says>
            {state.linkSays.value}
          </small>
        )}
      </div>
      <div class="buttons">
        {wallet !== undefined && link !== undefined ? (
          <button class="button" type="button" data-action="link" onClick={() => void state.link(wallet)}>
            Link to this device
          </button>
        ) : null}
        <button
          class={account === undefined ? "button main" : "button"}
          type="button"
          data-action="wallets"
          onClick={() => (state.dialog.value = { kind: "wallets" })}
        >
          {account === undefined ? "Show my items" : "Another account"}
        </button>
      </div>
    </section>
  );
}

export function WalletsDialog({ state }: AccountProps): JSX.Element {
  const says = useSignal<string | undefined>(undefined);
  const extensions = state.extensions();
  const close = (): void => {
    state.dialog.value = undefined;
  };
  const open = async (name: string): Promise<void> => {
    says.value = "Look at the wallet: it asks whether this page may see your accounts.";
    try {
      await state.open(name);
      says.value = undefined;
      if (state.wallets.value.length === 1) close();
    } catch (error) {
      says.value = reasonOf(error);
    }
  };
  return (
    <Dialog title="Whose items?" onClose={close}>
      {extensions.length === 0 ? (
        <p>This browser has no wallet. Install polkadot.js, Talisman or SubWallet, or type an address.</p>
      ) : (
        <div class="buttons stacked">
          {extensions.map((name) => (
            <button key={name} class="button" type="button" data-extension={name} onClick={() => void open(name)}>
              {name}
            </button>
          ))}
        </div>
      )}
      <Accounts state={state} onClose={close} />
      <p role="status" class="label" data-says>
        {says.value ?? ""}
      </p>
      <AnyAddress state={state} onClose={close} onWrong={(sentence) => (says.value = sentence)} />
    </Dialog>
  );
}

interface PartProps extends AccountProps {
  readonly onClose: () => void;
}

/** Of a wallet that holds several. */
function Accounts({ state, onClose }: PartProps): JSX.Element | null {
  const { prefix } = state.options.terms;
  const wallets = state.wallets.value;
  if (wallets.length < 2) return null;
  return (
    <ul class="accounts">
      {wallets.map((wallet) => (
        <li key={wallet.id}>
          <button
            class="button"
            type="button"
            data-wallet={wallet.id}
            onClick={() => {
              state.show(wallet.id);
              onClose();
            }}
          >
            {wallet.name || "Account"} · <code>{shortAddress(wallet.address(prefix))}</code>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface AnyAddressProps extends PartProps {
  readonly onWrong: (sentence: string) => void;
}

function AnyAddress({ state, onClose, onWrong }: AnyAddressProps): JSX.Element {
  const typed = useSignal("");
  const { prefix } = state.options.terms;
  const look = (event: Event): void => {
    event.preventDefault();
    const read = readAddress(typed.value.trim());
    if (read === undefined) return onWrong("This is not an address. Check it.");
    state.show(read.account, encodeAddress(read.account, prefix));
    onClose();
  };
  return (
    <form onSubmit={look}>
      <label class="field">
        <span>Or look at an address, of any network</span>
        <span class="with-button">
          <input
            class="input"
            data-field="address"
            autocomplete="off"
            spellcheck={false}
            value={typed.value}
            onInput={(event) => (typed.value = event.currentTarget.value)}
          />
          <button class="button" type="submit" data-action="look">
            Look
          </button>
        </span>
      </label>
    </form>
  );
}
