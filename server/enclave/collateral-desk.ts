/**
 * Where the worker asks gateways for the vendor's statements about its machine. Any gateway may answer, none has to be
 * believed: whoever asks checks every signature, and asks the next gateway if what came is not good.
 */
import {
  type CollateralParts,
  type CollateralRequest,
  decodeCollateralAnswer,
  encodeCollateralRequest,
} from "#protocol/collateral.ts";
import { linkKinds, type LinkKind } from "#protocol/link.ts";

/** A gateway's link; a `LinkConnection` is one. */
export interface DeskLink {
  put(kind: LinkKind, seat: number, body: Uint8Array): void;
  flush(): void;
}

export interface DeskTimes {
  /** For one gateway's answer: four requests to a service far away. */
  readonly answerMs: number;
  /** For the first gateway to connect. */
  readonly gatewayMs: number;
}

export const deskTimes: DeskTimes = { answerMs: 15_000, gatewayMs: 10_000 };

/** Asks every gateway that is there, one after the other, until one answer was accepted. */
export interface CollateralSource {
  /**
   * @param accept throws for an answer that is no good.
   * @throws what `accept` threw last, or Error if no gateway answered.
   */
  ask<T>(wanted: Omit<CollateralRequest, "ref">, accept: (parts: CollateralParts) => Promise<T>): Promise<T>;
}

interface Question {
  readonly link: DeskLink;
  readonly resolve: (parts: CollateralParts | null) => void;
}

export class CollateralDesk implements CollateralSource {
  readonly #times: DeskTimes;
  readonly #links = new Set<DeskLink>();
  readonly #questions = new Map<number, Question>();
  readonly #waiting = new Set<() => void>();
  #lastRef = 0;

  constructor(times: DeskTimes = deskTimes) {
    this.#times = times;
  }

  attach(link: DeskLink): void {
    this.#links.add(link);
    for (const wake of this.#waiting) wake();
  }

  detach(link: DeskLink): void {
    this.#links.delete(link);
    for (const question of this.#questions.values()) if (question.link === link) question.resolve(null);
  }

  /** One `collateral` message. What nobody asked this gateway for is dropped. @throws ProtocolError "malformed". */
  answer(link: DeskLink, body: Uint8Array): void {
    const { ref, parts } = decodeCollateralAnswer(body);
    const question = this.#questions.get(ref);
    if (question?.link === link) question.resolve(parts);
  }

  async ask<T>(wanted: Omit<CollateralRequest, "ref">, accept: (parts: CollateralParts) => Promise<T>): Promise<T> {
    if (this.#links.size === 0) await this.#gateway();
    let failure: unknown = new Error("no gateway has the vendor's statements");
    for (const link of this.#links) {
      const parts = await this.#askOne(link, wanted);
      if (parts === null) continue;
      try {
        return await accept(parts);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  #askOne(link: DeskLink, wanted: Omit<CollateralRequest, "ref">): Promise<CollateralParts | null> {
    const ref = (this.#lastRef += 1);
    return new Promise((resolve) => {
      const finish = (parts: CollateralParts | null): void => {
        clearTimeout(timer);
        this.#questions.delete(ref);
        resolve(parts);
      };
      const timer = setTimeout(() => finish(null), this.#times.answerMs);
      this.#questions.set(ref, { link, resolve: finish });
      link.put(linkKinds.wanted, 0, encodeCollateralRequest({ ref, ...wanted }));
      link.flush();
    });
  }

  #gateway(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, this.#times.gatewayMs);
      this.#waiting.add(wake);
    });
  }
}
