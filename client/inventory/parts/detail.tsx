/** One item: how it looks, what it wears, what it is, what happened to it, and what can be done with it. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { NftId } from "#rmrk/ids.ts";
import { itemOf, rootOwnerOf, saysUsed, type Item } from "#rmrk/queries/inventory.ts";
import { encodeAddress } from "#rmrk/account.ts";
import { usedProperty } from "#rmrk/rules/properties.ts";
import { isTransferable } from "#rmrk/rules/send.ts";
import { amountText } from "../chain/terms.ts";
import type { Happening } from "../chain/history.ts";
import type { InventoryState } from "../inventory-state.ts";
import { pictureAt } from "../catalogue/pictures.ts";
import { figureOf } from "../figure.ts";
import { emojiOf, nameOf, sayEvent, shortAddress, shortHash, unknownSentence } from "../words.ts";
import { Worn } from "./slots.tsx";
import { pictureOf } from "./tree.tsx";
import { Wear } from "./wear.tsx";

interface DetailProps {
  readonly state: InventoryState;
  readonly id: NftId;
}

export function Detail({ state, id }: DetailProps): JSX.Element {
  const { items } = state.standing;
  const article = useRef<HTMLElement>(null);
  // On a phone it takes the list's place, and whoever came by keyboard must not be left behind.
  useEffect(() => article.current?.focus({ preventScroll: true }), [id]);
  const item = itemOf(items, id);
  if (item === undefined) return <p class="label">This item is gone.</p>;
  const picture = pictureOf(item);
  const name = nameOf(item, picture);
  return (
    <article class="detail glass" data-detail={id} aria-labelledby="detail-name" ref={article} tabIndex={-1}>
      <button class="button small back" type="button" data-action="back" onClick={() => backToList(state, id)}>
        Back to all items
      </button>
      <div class="detail-look">
        <Worn state={state} id={id} name={name} />
      </div>
      <div class="detail-words">
        <h2 id="detail-name">{name}</h2>
        {picture?.says ? <p>{picture.says}</p> : null}
        {picture === undefined && !isDrawn(state, id) ? <p data-unknown>{unknownSentence}</p> : null}
        <Facts state={state} item={item} />
        <Actions state={state} item={item} />
        <HistoryList state={state} id={id} />
      </div>
    </article>
  );
}

/** Whether it shows anything of its own, or of what it wears. */
const isDrawn = ({ standing: { items } }: InventoryState, id: NftId): boolean =>
  figureOf(items, id)?.layers.some(({ src }) => pictureAt(src) !== undefined) === true;

function backToList(state: InventoryState, id: NftId): void {
  state.selected.value = undefined;
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-item="${id}"] > .row`)?.focus());
}

function Facts({ state, item }: { readonly state: InventoryState; readonly item: Item }): JSX.Element {
  const { terms } = state.options;
  const owner = rootOwnerOf(state.standing.items, item.id);
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    ["Collection", <code>{item.collection}</code>],
    ["Number", `${item.serial}, made in block ${item.block}`],
    ["Owner", owner === undefined ? "nobody" : <code>{shortAddress(encodeAddress(owner, terms.prefix))}</code>],
    ["Changes hands", sayTransferable(item)],
    ...(saysUsed(item)
      ? ([["Used up", "in a room: it does nothing any more, in no room. You can burn it."]] as const)
      : []),
    ...item.properties
      .filter(({ key }) => key !== "voucher" && key !== usedProperty)
      .map(({ key, value, writer }): readonly [string, string] => [
        key,
        `${typeof value === "string" ? value : JSON.stringify(value)}${writer === "owner" ? " (you may change it)" : ""}`,
      ]),
    ...(item.price > 0n ? ([["For sale at", amountText(item.price, terms)]] as const) : []),
    ...(item.emotes.length > 0
      ? ([["Given", item.emotes.map(({ emote, count }) => `${emojiOf(emote)} ${count}`).join("  ")]] as const)
      : []),
  ];
  return (
    <dl class="facts">
      {facts.map(([name, says]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{says}</dd>
        </div>
      ))}
    </dl>
  );
}

function sayTransferable({ transferable }: Item): string {
  if (transferable === 1) return "yes";
  if (transferable === 0) return "never: it is bound to its owner";
  return transferable > 1 ? `from block ${transferable} on` : `for ${-transferable} blocks after it was made`;
}

/** Only what may be done now: the chain would take the rest, and do nothing. */
function Actions({ state, item }: { readonly state: InventoryState; readonly item: Item }): JSX.Element | null {
  if (state.wallet.value === undefined) {
    return <p class="label">Open the wallet that owns it to do something with it.</p>;
  }
  const nft = state.standing.items.nfts.get(item.id);
  const block = state.standing.view?.block.number ?? 0;
  if (nft === undefined || item.pending) return null;
  const free = item.equipped === undefined && item.price === 0n && isTransferable(nft, block);
  const top = typeof nft.owner === "string";
  const open = (kind: "send" | "list" | "burn") => () => (state.dialog.value = { kind, item: item.id });
  return (
    <div class="buttons" data-actions>
      {item.price === 0n && !saysUsed(item) ? <Wear state={state} id={item.id} /> : null}
      {free ? (
        <button class="button main" type="button" data-action="send" onClick={open("send")}>
          Send
        </button>
      ) : null}
      {top && ((free && !saysUsed(item)) || item.price > 0n) ? (
        <button class="button" type="button" data-action="list" onClick={open("list")}>
          {item.price > 0n ? "Change the price" : "Sell"}
        </button>
      ) : null}
      {item.price === 0n ? (
        <button class="button" type="button" data-action="burn" onClick={open("burn")}>
          Destroy
        </button>
      ) : null}
    </div>
  );
}

function HistoryList({ state, id }: DetailProps): JSX.Element {
  const { history } = state.standing;
  const happenings = history.of(id).filter(({ event }) => sayEvent(event, undefined, id) !== "");
  return (
    <section class="history" aria-label="History">
      <h3>History</h3>
      <ol>
        {happenings.map((happening, i) => (
          <li key={i} data-event={happening.event.event}>
            <span>{sayEvent(happening.event, state.account.value, id)}</span>
            <Block state={state} happening={happening} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Block({ state, happening }: { readonly state: InventoryState; readonly happening: Happening }): JSX.Element {
  const { block, hash } = happening;
  const { explorer } = state.options.terms;
  const words = `block ${block}`;
  if (explorer === undefined) {
    return (
      <span class="block" title={hash} data-block={hash}>
        {words} · <code>{shortHash(hash)}</code>
      </span>
    );
  }
  const href = explorer.replaceAll("{hash}", `0x${hash}`).replaceAll("{number}", String(block));
  return (
    <a class="block" href={href} target="_blank" rel="noreferrer noopener" data-block={hash}>
      {words}
    </a>
  );
}
