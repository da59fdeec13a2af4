/** What was earned in rooms on this device, from earned to final. */
import type { JSX } from "preact";
import type { State } from "#rmrk/state/state.ts";
import { pictureAt } from "../catalogue/pictures.ts";
import { LayeredPicture } from "./picture.tsx";
import type { KeptVoucher } from "#kit/vouchers.ts";

const steps = ["earned", "submitted", "in-block", "final"] as const;
const stepWords = { earned: "earned", submitted: "submitted", "in-block": "in a block", final: "final" } as const;

interface VouchersProps {
  readonly vouchers: readonly KeptVoucher[];
  readonly items: State;
}

export function Vouchers({ vouchers, items }: VouchersProps): JSX.Element | null {
  if (vouchers.length === 0) return null;
  return (
    <section class="vouchers glass" aria-labelledby="vouchers-title">
      <h2 id="vouchers-title">Earned on this device</h2>
      <ul>
        {vouchers.map((voucher) => (
          <Voucher key={voucher.id} voucher={voucher} redeemed={isRedeemed(items, voucher.id)} />
        ))}
      </ul>
    </section>
  );
}

/** What the room says stands until the chain says more: final is only what was proven here. */
const isRedeemed = (items: State, id: string): boolean => {
  for (const redeemed of items.vouchers.values()) if (redeemed.has(id)) return true;
  return false;
};

interface VoucherProps {
  readonly voucher: KeptVoucher;
  readonly redeemed: boolean;
}

function Voucher({ voucher: { id, name, metadata, stage, reason }, redeemed }: VoucherProps): JSX.Element {
  const told = stage === "final" ? "in-block" : stage;
  const reached: keyof typeof stepWords = redeemed ? "final" : told;
  return (
    <li data-voucher={id} data-stage={reached}>
      <LayeredPicture layers={[{ src: metadata ?? "", part: undefined }]} label="" look="small" />
      <span class="row-words">
        <b>{pictureAt(metadata)?.name ?? name}</b>
        <ol class="stages" aria-label={`Stage: ${stepWords[reached]}`}>
          {steps.map((step) => (
            <li key={step} data-reached={steps.indexOf(step) <= steps.indexOf(reached)} aria-hidden="true">
              {stepWords[step]}
            </li>
          ))}
        </ol>
        {redeemed || reason === undefined ? null : <small>{reason}</small>}
      </span>
    </li>
  );
}
