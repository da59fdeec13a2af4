/** How a function pays for its loops, once it has paid for being entered. */
import { writeCharge } from "./checks.ts";
import { op } from "./opcodes.ts";
import type { Plan } from "./plan.ts";
import { emptyBlock } from "./types.ts";
import type { Writer } from "./writer.ts";

export interface Meter {
  /** Before the body. */
  begin(): void;
  /** At the head of a loop. */
  charge(fuel: number): void;
  /** Around what pays by itself: calls. */
  around(write: () => void): void;
  /** Behind the body, where all ways out but traps meet. */
  end(): void;
}

/** Out of the global, each time. */
export class GlobalMeter implements Meter {
  readonly #writer: Writer;
  readonly #plan: Plan;

  constructor(writer: Writer, plan: Plan) {
    this.#writer = writer;
    this.#plan = plan;
  }

  begin(): void {}

  charge(fuel: number): void {
    const { globals, chargeMax } = this.#plan;
    writeCharge(this.#writer, globals.fuel, Math.min(fuel, chargeMax));
  }

  around(write: () => void): void {
    write();
  }

  end(): void {}
}

/** Out of a local that holds the fuel as long as nobody else can look at it. */
export class LocalMeter implements Meter {
  readonly #writer: Writer;
  readonly #global: number;
  readonly #chargeMax: number;
  readonly #local: number;

  constructor(writer: Writer, { globals, chargeMax }: Plan, local: number) {
    this.#writer = writer;
    this.#global = globals.fuel;
    this.#chargeMax = chargeMax;
    this.#local = local;
  }

  begin(): void {
    this.#writer.byte(op.globalGet).u32(this.#global).byte(op.localSet).u32(this.#local);
  }

  /** Whoever reads the fuel after the trap finds there what is left. */
  charge(fuel: number): void {
    const writer = this.#writer;
    writer.byte(op.localGet).u32(this.#local).byte(op.i32Const).s32(Math.min(fuel, this.#chargeMax)).byte(op.i32Sub);
    writer.byte(op.localTee).u32(this.#local).byte(op.i32Const).s32(0).byte(op.i32LtS).byte(op.if).byte(emptyBlock);
    this.end();
    writer.byte(op.unreachable).byte(op.end);
  }

  around(write: () => void): void {
    this.end();
    write();
    this.begin();
  }

  end(): void {
    this.#writer.byte(op.localGet).u32(this.#local).byte(op.globalSet).u32(this.#global);
  }
}
