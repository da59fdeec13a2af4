/** What waits: offers that want an answer, and what was signed and is not final yet. */
import type { JSX } from "preact";
import { Check, Cross, Hourglass } from "#kit/parts/icons.tsx";
import { acceptAct, burnAct, type Act } from "#rmrk/acts.ts";
import { itemOf, type Offer } from "#rmrk/queries/inventory.ts";
import type { InventoryState, Undertaking } from "../inventory-state.ts";
import { nameOf } from "../words.ts";
import { LayeredPicture } from "./picture.tsx";
import { pictureOf } from "./tree.tsx";

interface WaitingProps {
  readonly state: InventoryState;
}

export function Offers({ state }: WaitingProps): JSX.Element | null {
  const offers = state.offers.value;
  if (offers.length === 0) return null;
  return (
    <section class="offers glass" aria-labelledby="offers-title">
      <h2 id="offers-title">Waits for you</h2>
      <ul>
        {offers.map((offer) => (
          <OfferRow key={JSON.stringify(offer)} state={state} offer={offer} />
        ))}
      </ul>
    </section>
  );
}

function OfferRow({ state, offer }: { readonly state: InventoryState; readonly offer: Offer }): JSX.Element | null {
  const { items } = state.standing;
  const item = itemOf(items, offer.entity === "NFT" ? offer.child : offer.nft);
  const into = itemOf(items, offer.nft);
  if (item === undefined || into === undefined) return null;
  const name = nameOf(item, pictureOf(item));
  const says =
    offer.entity === "NFT"
      ? `${name}, into ${nameOf(into, pictureOf(into))}`
      : `A new form for ${name}: ${offer.resource}`;
  const accept =
    offer.entity === "NFT"
      ? acceptAct(offer.nft, { child: offer.child })
      : acceptAct(offer.nft, { resource: offer.resource });
  const gone = (same: Offer): boolean =>
    !state.offers.peek().some((one) => JSON.stringify(one) === JSON.stringify(same));
  const refuse = offer.entity === "NFT" ? burnAct(offer.child) : undefined;
  const answer = (label: string, act: Act) => (): void =>
    void state.undertake(`${label} ${name}`, act, () => gone(offer));
  return (
    <li data-offer={offer.entity}>
      <LayeredPicture layers={[{ src: item.metadata ?? "", part: undefined }]} label="" look="small" />
      <span class="row-words">{says}</span>
      <span class="buttons">
        {refuse === undefined ? null : (
          <button
            class="button small"
            type="button"
            disabled={state.wallet.value === undefined}
            onClick={answer("Refuse", refuse)}
          >
            Refuse
          </button>
        )}
        <button
          class="button small main"
          type="button"
          data-action="accept"
          disabled={state.wallet.value === undefined}
          onClick={answer("Accept", accept)}
        >
          Accept
        </button>
      </span>
    </li>
  );
}

const stageWords = {
  signing: "look at your wallet",
  submitted: "on its way to the chain",
  "in-block": "in a block, not final yet",
  final: "final",
  failed: "did not happen",
} as const;

/** Read out as they change. */
export function Undertakings({ state }: WaitingProps): JSX.Element | null {
  const all = state.undertakings.value;
  return (
    <div class="undertakings" role="status" aria-label="What you asked for">
      {all.map((one) => (
        <UndertakingRow key={one.number} one={one} />
      ))}
    </div>
  );
}

function UndertakingRow({ one: { says, stage, reason } }: { readonly one: Undertaking }): JSX.Element {
  return (
    <p class="notice" data-tone={stage === "failed" ? "bad" : "info"} data-stage={stage}>
      {stage === "final" ? <Check /> : stage === "failed" ? <Cross /> : <Hourglass />}
      <span>
        {says}: <b>{stageWords[stage]}</b>
        {reason === undefined ? null : <small>{reason}</small>}
      </span>
    </p>
  );
}
