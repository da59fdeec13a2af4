/** What an operator asks of a gateway: where rooms are, and that they go elsewhere. */
import { errorCodes, sentenceOfCode, type ErrorCode } from "#protocol/errors.ts";
import { isRoomId } from "#protocol/identity.ts";
import { isRecord } from "#protocol/value.ts";
import type { Announced, WorkerReport } from "#gateway/operator-moves.ts";

/** A gateway that refuses, or none; the message is for the operator. */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
  /** Of the protocol, where the gateway named one. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Between two looks at a worker that is being emptied. */
const lookMs = 250;

export class Operator {
  readonly #url: string;
  readonly #authorization: string;

  /** @throws OperatorError without a password: the gateway has none either then, and lets nobody ask. */
  constructor(url: string, password: string | undefined) {
    if (password === undefined || password === "") {
      throw new OperatorError("question", "Say the gateway's password in PHATROOM_OPERATOR_PASSWORD.");
    }
    this.#url = url.replace(/\/+$/, "");
    this.#authorization = `Basic ${Buffer.from(`operator:${password}`).toString("base64")}`;
  }

  async workers(): Promise<readonly WorkerReport[]> {
    const { workers } = await this.#ask<{ readonly workers: readonly WorkerReport[] }>("workers");
    return workers;
  }

  /** The worker that has this room; null if none has. */
  async whereIs(room: string): Promise<string | null> {
    return (await this.#ask<{ readonly worker: string | null }>(`rooms/${room}`)).worker;
  }

  /** Resolves once the room is with that worker. @throws OperatorError with the gateway's code. */
  async move(room: string, worker: string): Promise<void> {
    if (!isRoomId(room))
      throw new OperatorError("malformed", `${room} is no room: a room is named by 20 hex digits, which end its link.`);
    await this.#checkWorker(worker);
    await this.#ask("move", { room, worker });
  }

  /** Empties a worker, or a thread of one, and keeps new rooms away from it. `progress` is told how many are left. */
  async drain(worker: string, progress: (rooms: number) => void): Promise<void> {
    await this.#checkWorker(worker);
    const { workers } = await this.#ask<{ readonly workers: readonly WorkerReport[] }>("drain", { worker });
    let rooms = roomsOf(worker, workers);
    for (let still = 0; rooms > 0; still += 1) {
      progress(rooms);
      await new Promise((resolve) => setTimeout(resolve, lookMs));
      const now = roomsOf(worker, await this.workers());
      if (now < rooms) still = 0;
      if (still * lookMs > stillMs)
        throw new OperatorError(
          "stayed",
          `${now} ${now === 1 ? "room stays" : "rooms stay"}: the gateway's log says why.`,
        );
      rooms = now;
    }
  }

  /** Announces an upgrade, in hex digits, in one room or in all that it fits. */
  upgrade(upgrade: string, room?: string): Promise<Announced> {
    return this.#ask("upgrade", { upgrade, ...(room === undefined ? {} : { room }) });
  }

  /** Lets a worker have rooms again. */
  async undrain(worker: string): Promise<void> {
    await this.#checkWorker(worker);
    await this.#ask("undrain", { worker });
  }

  async #ask<Answer>(what: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.#url}/operator/${what}`, {
      headers: { authorization: this.#authorization, "content-type": "application/json" },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    }).catch(() => undefined);
    if (response === undefined)
      throw new OperatorError("unreachable", `No gateway answers at ${this.#url}: say where it is with --url.`);
    if (response.status === 401)
      throw new OperatorError(
        "password",
        "The gateway knows another password than the one in PHATROOM_OPERATOR_PASSWORD.",
      );
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok && isRecord(answer)) return answer as Answer;
    const code = isRecord(answer) ? answer["code"] : undefined;
    if (typeof code === "string" && isCode(code)) throw new OperatorError(code, sentenceOfCode(code));
    throw new OperatorError(
      "closed",
      `No operator may ask at ${this.#url}: the gateway there has to be started with PHATROOM_OPERATOR_PASSWORD, too.`,
    );
  }

  /** @throws OperatorError if the gateway has no worker of that name, nor a thread of one. */
  async #checkWorker(name: string): Promise<void> {
    const workers = await this.workers();
    if (workers.some((worker) => worker.name === name || worker.of === name)) return;
    const names = workers.map((worker) => worker.name).join(", ");
    throw new OperatorError("malformed", `The gateway has no worker ${name}; it has ${names}.`);
  }
}

/** Of a worker, all of its threads together. */
const roomsOf = (worker: string, reports: readonly WorkerReport[]): number =>
  reports.filter(({ name, of }) => name === worker || of === worker).reduce((sum, { rooms }) => sum + rooms, 0);

/** A worker that loses no room for so long loses none any more. */
const stillMs = 15_000;

const isCode = (text: string): text is ErrorCode => Object.hasOwn(errorCodes, text);

/** How many rooms refused something, and why. */
export function refusedBy(rooms: number, code: string): string {
  const why = isCode(code) ? sentenceOfCode(code) : "This command is too old to say why.";
  return `refused by ${rooms} ${rooms === 1 ? "room" : "rooms"}: ${why} (${code})`;
}
