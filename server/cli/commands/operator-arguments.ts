/** What the operator's commands have in common: which gateway, its password, and how a refusal is said. */
import { Operator, OperatorError } from "../operator.ts";

export const gatewayUrl = {
  type: "string",
  description: "The gateway; its password is read from PHATROOM_OPERATOR_PASSWORD",
  default: "http://localhost:2567",
} as const;

/** Does it, or says why not and exits with 1. */
export const withOperator = (url: string, work: (operator: Operator) => Promise<void>): Promise<void> =>
  orSayWhy(() => work(new Operator(url, process.env["PHATROOM_OPERATOR_PASSWORD"])));

/** The same without a gateway. */
export async function orSayWhy(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
