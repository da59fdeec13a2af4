/** One node of a chain, asked by JSON-RPC over a WebSocket. It may be away for as long as it likes: then this comes back to it. */
import { WebSocket } from "ws";
import { isRecord } from "#protocol/value.ts";

export interface NodeTimes {
  /** An answer takes at most so long, in ms; a connection is one, too. */
  readonly answerMs: number;
  /** Before it is tried again: first and longest. */
  readonly retryMs: number;
  readonly retryMaxMs: number;
  /** Between signs of life; twice without one, and it is gone. */
  readonly pulseMs: number;
}

export const nodeTimes: NodeTimes = { answerMs: 20_000, retryMs: 250, retryMaxMs: 10_000, pulseMs: 10_000 };

export interface NodeEvents {
  /** It can be asked. */
  readonly reached: () => void;
  /** It was reached before. */
  readonly lost: () => void;
}

/** Of one message: a runtime's description or a full block, in hexadecimal. */
const messageBytesMax = 32 * 1024 * 1024;

/** Questions without an answer. Headers are asked for in hundreds. */
const unansweredMax = 2048;

/** What came for subscriptions whose answers are still on their way. */
const earlyMax = 64;

/** The node has answered, with an error. */
export class NodeRefusal extends Error {
  /** Of JSON-RPC. */
  readonly code: number;

  constructor(code: number) {
    super(`the node answered with error ${code}`);
    this.code = code;
  }
}

/** There is no node, or it is gone, or does not answer. */
export class NodeAway extends Error {}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Told what a subscription is about; answers when that was the last of it, which every transaction has. */
type Told = (value: unknown) => "over" | undefined;

export class ChainNode {
  readonly #url: string;
  readonly #events: NodeEvents;
  readonly #times: NodeTimes;
  readonly #pending = new Map<number, Pending>();
  readonly #subscriptions = new Map<string, Told>();
  #early: { readonly subscription: string; readonly value: unknown }[] = [];
  #socket: WebSocket | undefined;
  #open = false;
  #alive = false;
  #last = 0;
  #retryMs: number;
  #retry: NodeJS.Timeout | undefined;
  #pulse: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(url: string, events: NodeEvents, times: NodeTimes = nodeTimes) {
    this.#url = url;
    this.#events = events;
    this.#times = times;
    this.#retryMs = times.retryMs;
  }

  get reached(): boolean {
    return this.#open;
  }

  /** Connects, and keeps trying. */
  start(): void {
    if (this.#closed) return;
    const { answerMs, pulseMs } = this.#times;
    const socket = new WebSocket(this.#url, {
      maxPayload: messageBytesMax,
      perMessageDeflate: false,
      handshakeTimeout: answerMs,
    });
    this.#socket = socket;
    socket.on("open", () => {
      this.#open = this.#alive = true;
      this.#retryMs = this.#times.retryMs;
      this.#pulse = setInterval(() => this.#feel(socket), pulseMs);
      this.#events.reached();
    });
    socket.on("pong", () => (this.#alive = true));
    socket.on("message", (data) => {
      this.#alive = true;
      this.#hear(Buffer.isBuffer(data) ? data.toString("utf8") : "");
    });
    // "close" follows.
    socket.on("error", () => undefined);
    socket.on("close", () => this.#end());
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.terminate();
  }

  /** @throws NodeAway; NodeRefusal. What the answer is, nobody has checked. */
  ask(method: string, parameters: readonly unknown[] = []): Promise<unknown> {
    const socket = this.#socket;
    if (socket === undefined || !this.#open) return Promise.reject(new NodeAway("not connected"));
    if (this.#pending.size >= unansweredMax) return Promise.reject(new NodeAway("too many questions"));
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new NodeAway("no answer"));
      }, this.#times.answerMs);
      this.#pending.set(id, { resolve, reject, timer });
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params: parameters }));
    });
  }

  /**
   * What is told until it is over or the node is lost, and then nothing more.
   *
   * @throws as `ask`; NodeAway if the answer is no subscription.
   */
  async subscribe(method: string, parameters: readonly unknown[], told: Told): Promise<() => void> {
    const subscription = subscriptionOf(await this.ask(method, parameters));
    if (subscription === undefined) throw new NodeAway("no subscription");
    this.#subscriptions.set(subscription, told);
    const early = this.#early;
    this.#early = [];
    for (const one of early) if (one.subscription === subscription) this.#notify(subscription, one.value);
    return () => this.#subscriptions.delete(subscription);
  }

  #hear(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return this.#socket?.terminate();
    }
    if (!isRecord(message)) return;
    const { id, params, error } = message;
    if (typeof id === "number") {
      const pending = this.#pending.get(id);
      if (pending === undefined) return;
      this.#pending.delete(id);
      clearTimeout(pending.timer);
      if (error === undefined || error === null) pending.resolve(message["result"]);
      else pending.reject(new NodeRefusal(isRecord(error) && typeof error["code"] === "number" ? error["code"] : 0));
    } else if (isRecord(params)) {
      const subscription = subscriptionOf(params["subscription"]);
      if (subscription !== undefined) this.#notify(subscription, params["result"]);
    }
  }

  #notify(subscription: string, value: unknown): void {
    const told = this.#subscriptions.get(subscription);
    if (told?.(value) === "over") this.#subscriptions.delete(subscription);
    if (told === undefined && this.#early.push({ subscription, value }) > earlyMax) this.#early.shift();
  }

  #feel(socket: WebSocket): void {
    if (!this.#alive) return socket.terminate();
    this.#alive = false;
    socket.ping();
  }

  #end(): void {
    const wasOpen = this.#open;
    this.#open = false;
    this.#socket = undefined;
    clearInterval(this.#pulse);
    this.#subscriptions.clear();
    this.#early = [];
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new NodeAway("gone"));
    }
    this.#pending.clear();
    if (wasOpen) this.#events.lost();
    if (this.#closed) return;
    this.#retry = setTimeout(() => this.start(), this.#retryMs);
    this.#retryMs = Math.min(this.#times.retryMaxMs, 2 * this.#retryMs);
  }
}

const subscriptionOf = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined;
