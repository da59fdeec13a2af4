/** The page: whose items, how far they are proven, the items, and one of them. */
import type { JSX } from "preact";
import { Notice } from "#kit/parts/notice.tsx";
import { strengths } from "#enclave/ledger/proof/strength.ts";
import type { InventoryState } from "./inventory-state.ts";
import { Mark } from "./parts/mark.tsx";
import { AccountBar, WalletsDialog } from "./parts/account.tsx";
import { Detail } from "./parts/detail.tsx";
import { BurnDialog, ListDialog, SendDialog } from "./parts/dialogs.tsx";
import { ShelfList } from "./parts/shelf-list.tsx";
import { Tree } from "./parts/tree.tsx";
import { UsedUp } from "./parts/used.tsx";
import { Vouchers } from "./parts/vouchers.tsx";
import { Offers, Undertakings } from "./parts/waiting.tsx";
import { strengthNames, troubleSentences } from "./words.ts";

interface AppProps {
  readonly state: InventoryState;
}

export function App({ state }: AppProps): JSX.Element {
  const selected = state.selected.value;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="header">
        <a class="brand" href="../">
          <Mark />
          <span>
            <b>Items</b>
            <small>phatroom: earned in rooms nobody can peek into</small>
          </span>
        </a>
        <Strength state={state} />
      </header>
      <main id="main" data-selected={selected} tabIndex={-1}>
        <AccountBar state={state} />
        <Trouble state={state} />
        <Undertakings state={state} />
        <Offers state={state} />
        <UsedUp state={state} />
        <div class="columns">
          <Items state={state} />
          {selected === undefined ? null : <Detail key={selected} state={state} id={selected} />}
        </div>
        <Vouchers state={state} />
      </main>
      <Asked state={state} />
    </>
  );
}

interface StateProps {
  readonly state: InventoryState;
}

/** How much it is worth, and of when it is. */
function Strength({ state }: StateProps): JSX.Element {
  const { strength, view, caughtUp } = state.standing;
  return (
    <details class="strength" data-strength={strength} data-caught-up={caughtUp || undefined}>
      <summary>
        <b>{strengthNames[strength]}</b>
        <small>
          {view === undefined ? "reading the chain …" : `block ${view.block.number}${caughtUp ? "" : " …"}`}
        </small>
      </summary>
      <div class="strength-says glass">
        <p>{strengths[strength]}</p>
        {view === undefined ? null : (
          <p class="label">
            Checked in this browser up to block {view.block.number}, which says it is{" "}
            {new Date(view.time).toISOString().replace("T", " ").slice(0, 19)} UTC. Hash <code>{view.block.hash}</code>
          </p>
        )}
      </div>
    </details>
  );
}

function Trouble({ state }: StateProps): JSX.Element | null {
  const { trouble } = state.standing;
  if (trouble === undefined) return null;
  return (
    <Notice tone={trouble === "not-believed" ? "bad" : "warn"} name={trouble}>
      <p>{troubleSentences[trouble]}</p>
    </Notice>
  );
}

function Items({ state }: StateProps): JSX.Element {
  const items = state.items.value;
  const { caughtUp } = state.standing;
  const { shelved } = state;
  if (shelved !== undefined) {
    return (
      <section class="items glass" aria-labelledby="items-title" data-items={shelved.items.length}>
        <h1 id="items-title">Items</h1>
        <ShelfList items={shelved.items} used={state.standing.used} />
        {shelved.items.length > 0 ? null : <p class="label">{sayEmpty(state, caughtUp)}</p>}
      </section>
    );
  }
  return (
    <section class="items glass" aria-labelledby="items-title" data-items={items.length}>
      <h1 id="items-title">Items</h1>
      {items.length > 0 ? <Tree state={state} items={items} /> : <p class="label">{sayEmpty(state, caughtUp)}</p>}
    </section>
  );
}

function sayEmpty({ account }: InventoryState, caughtUp: boolean): string {
  if (account.value === undefined) return "Open a wallet to see what it holds, or look at any address.";
  return caughtUp ? "Nothing yet. Win in a room, and what you earned comes here." : "Reading the chain …";
}

function Asked({ state }: StateProps): JSX.Element | null {
  const dialog = state.dialog.value;
  switch (dialog?.kind) {
    case undefined:
      return null;
    case "wallets":
      return <WalletsDialog state={state} />;
    case "send":
      return <SendDialog state={state} id={dialog.item} />;
    case "list":
      return <ListDialog state={state} id={dialog.item} />;
    case "burn":
      return <BurnDialog state={state} id={dialog.item} />;
  }
}
