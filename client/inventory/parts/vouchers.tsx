/** What was earned in rooms on this device, from earned to final; and redeeming it, where that is the player's to do. */
import type { JSX } from "preact";
import { CopyButton } from "#kit/parts/copy-button.tsx";
import type { KeptVoucher } from "#kit/vouchers.ts";
import type { State } from "#rmrk/state/state.ts";
import { pictureAt } from "../catalogue/pictures.ts";
import { redeemingOf, type Redeeming } from "../chain/shelf.ts";
import type { InventoryState } from "../inventory-state.ts";
import { redeemingSentences } from "../words.ts";
import { LayeredPicture } from "./picture.tsx";

const steps = ["earned", "submitted", "in-block", "final"] as const;
const stepWords = { earned: "earned", submitted: "submitted", "in-block": "in a block", final: "final" } as const;
type Step = (typeof steps)[number];

interface VouchersProps {
  readonly state: InventoryState;
}

export function Vouchers({ state }: VouchersProps): JSX.Element | null {
  const vouchers = state.vouchers.value;
  if (vouchers.length === 0) return null;
  return (
    <section class="vouchers glass" aria-labelledby="vouchers-title">
      <h2 id="vouchers-title">Earned on this device</h2>
      <ul>
        {vouchers.map((voucher) => (
          <Voucher key={voucher.id} state={state} voucher={voucher} />
        ))}
      </ul>
      {state.renewSays.value === undefined ? null : (
        <p role="status" class="label" data-renew-says>
          {state.renewSays.value}
        </p>
      )}
    </section>
  );
}

/** What the room says stands until the chain says more: final is only what was proven here. */
const isRedeemed = (items: State, id: string): boolean => {
  for (const redeemed of items.vouchers.values()) if (redeemed.has(id)) return true;
  return false;
};

interface VoucherProps extends VouchersProps {
  readonly voucher: KeptVoucher;
}

function Voucher({ state, voucher }: VoucherProps): JSX.Element {
  const { id, name, metadata, reason } = voucher;
  const { shelved } = state;
  const redeeming = shelved && redeemingOf(voucher, shelved, state.account.value);
  const final = redeeming === "final" || isRedeemed(state.standing.items, id);
  const reached: Step = final ? "final" : stepOf(state, voucher);
  const called = pictureAt(metadata)?.name ?? name;
  return (
    <li data-voucher={id} data-stage={reached} data-redeeming={redeeming}>
      <LayeredPicture layers={[{ src: metadata ?? "", part: undefined }]} label="" look="small" />
      <span class="row-words">
        <b>{called}</b>
        <ol class="stages" aria-label={`Stage: ${stepWords[reached]}`}>
          {steps.map((step) => (
            <li key={step} data-reached={steps.indexOf(step) <= steps.indexOf(reached)} aria-hidden="true">
              {stepWords[step]}
            </li>
          ))}
        </ol>
        {redeeming === "final" || final ? null : (
          <Reason says={redeeming === undefined ? reason : redeemingSentences[redeeming]} />
        )}
      </span>
      {final || reached !== "earned" ? null : (
        <Redeem state={state} voucher={voucher} redeeming={redeeming} called={called} />
      )}
    </li>
  );
}

/** What the room said last, or what this page has sent since. */
function stepOf({ undertakings }: InventoryState, { id, stage }: KeptVoucher): Step {
  const sent = undertakings.value.findLast(({ voucher }) => voucher === id)?.stage;
  if (sent === "submitted" || sent === "in-block") return sent;
  if (sent === "final" || stage === "final") return "in-block";
  return stage === "redeemable" ? "earned" : stage;
}

function Reason({ says }: { readonly says: string | undefined }): JSX.Element | null {
  return says === undefined ? null : <small>{says}</small>;
}

interface RedeemProps extends VoucherProps {
  readonly redeeming: Redeeming | undefined;
  readonly called: string;
}

function Redeem({ state, voucher, redeeming, called }: RedeemProps): JSX.Element | null {
  if (redeeming === "redeemable") {
    const waiting = state.undertakings.value.some(
      (one) => one.voucher === voucher.id && one.stage !== "failed" && one.stage !== "final",
    );
    return (
      <span class="buttons">
        <CopyButton look="small" label="Copy for the command line" text={JSON.stringify(voucher)} />
        <button
          class="button small main"
          type="button"
          data-action="redeem"
          disabled={state.wallet.value === undefined || waiting}
          onClick={() => void state.redeem(voucher, `Redeem ${called}`)}
        >
          Redeem
        </button>
      </span>
    );
  }
  if (state.shelved === undefined || state.options.renew === undefined) return null;
  return (
    <button class="button small" type="button" data-action="renew" onClick={() => void state.renew()}>
      Ask again
    </button>
  );
}
