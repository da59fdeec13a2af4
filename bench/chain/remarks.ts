/**
 * A move of Dot4 as a remark on the development chain: it is ordered and kept, and nothing is computed. Signed before, so
 * that only the chain is timed.
 */
import { ApiPromise, Keyring, WsProvider } from "@polkadot/api";
import type { ApiOptions } from "@polkadot/api/types";
import { startDevnet, type Devnet } from "../../server/chain/devnet/start.ts";
import type { Script } from "../bots/script.ts";

type Drop = Script["drops"][number];

/** In picoseconds of a reference machine: a number in older runtimes. */
type Weight = number | { readonly refTime: number };

const picoseconds = (weight: Weight): number => (typeof weight === "number" ? weight : weight.refTime);

/** What the runtime says of its blocks, as @polkadot/api shows it. */
interface Weights {
  readonly perClass: { readonly normal: { readonly maxTotal: Weight; readonly baseExtrinsic: Weight } };
}

interface Lengths {
  readonly max: { readonly normal: number };
}

export class RemarkChain {
  readonly #net: Devnet;
  readonly #api: ApiPromise;
  readonly #alice = new Keyring({ type: "sr25519" }).addFromUri("//Alice");
  #nonce = 0;

  private constructor(net: Devnet, api: ApiPromise) {
    this.#net = net;
    this.#api = api;
  }

  static async start(): Promise<RemarkChain> {
    const net = await startDevnet({ sealing: "manual" });
    const api = await ApiPromise.create({ provider: new WsProvider(net.url), noInitWarn: true } as ApiOptions);
    return new RemarkChain(net, api);
  }

  /** A transaction for each, in hexadecimal. */
  async sign(drops: readonly Drop[]): Promise<readonly string[]> {
    const signed: string[] = [];
    for (const drop of drops) {
      const remark = await this.#remark(drop).signAsync(this.#alice, { nonce: this.#nonce++, era: 0 });
      signed.push(remark.toHex());
    }
    return signed;
  }

  /** A block with these in it. */
  async mine(signed: readonly string[]): Promise<void> {
    for (const transaction of signed) await this.#api.rpc.author.submitExtrinsic(transaction);
    this.#net.chain.newBlock();
  }

  /** @throws Error unless all that was signed is in a block. */
  async finish(): Promise<void> {
    const next = (await this.#api.rpc.system.accountNextIndex(this.#alice.address)).toNumber();
    if (next !== this.#nonce) throw new Error(`${this.#nonce - next} remarks are in no block`);
  }

  /** How many of these the runtime lets into one block: by weight, and by length. */
  async mostInABlock(drop: Drop): Promise<number> {
    const { weight } = await this.#remark(drop).paymentInfo(this.#alice);
    const system = this.#api.consts["system"]!;
    const { perClass } = system["blockWeights"]!.toJSON() as unknown as Weights;
    const { maxTotal, baseExtrinsic } = perClass.normal;
    const own = picoseconds(baseExtrinsic) + picoseconds(weight.toJSON() as unknown as Weight);
    const byWeight = Math.floor(picoseconds(maxTotal) / own);
    const { max } = system["blockLength"]!.toJSON() as unknown as Lengths;
    const { encodedLength } = await this.#remark(drop).signAsync(this.#alice, { nonce: this.#nonce, era: 0 });
    return Math.min(byWeight, Math.floor(max.normal / encodedLength));
  }

  async stop(): Promise<void> {
    await this.#api.disconnect();
    await this.#net.close();
  }

  #remark(drop: Drop) {
    return this.#api.tx["system"]!["remark"]!(`dot4 ${JSON.stringify(drop)}`);
  }
}
