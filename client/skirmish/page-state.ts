/** What the page is showing, and everything a person can make it do. */
import { batch, computed, signal, type ReadonlySignal } from "@preact/signals";
import { ClientError } from "#client/errors.ts";
import { newInviteSecret } from "#client/invite.ts";
import type { RoomId } from "#protocol/identity.ts";
import { readFingerprint } from "#kit/advice.ts";
import type { BuiltIn } from "#kit/built-in.ts";
import type { Keepsakes } from "#kit/keepsakes.ts";
import { readWish, writeWish, type Wish } from "#kit/wish.ts";
import { Visit, type Entrance } from "./visit.ts";

export const contractName = "skirmish";

/** The browser, as far as this page needs it. */
export interface Surroundings {
  readonly builtIn: BuiltIn;
  readonly keepsakes: Keepsakes;
  /** Which of this device's players this window is. */
  readonly slot: number;
  /** The gateway's address; undefined if `?at=` is none. */
  readonly place: string | undefined;
  readonly address: {
    /** Without the fragment. */
    readonly page: string;
    /** Shows this link in the address bar, as a new entry of the history. */
    readonly go: (link: string) => void;
  };
  readonly entrance: (name: () => string) => Entrance;
  /** One with a free seat. */
  readonly findArena: (place: string) => Promise<RoomId>;
  readonly createRoom: (place: string) => Promise<RoomId>;
}

export class PageState {
  readonly #around: Surroundings;
  readonly #visit = signal<Visit | null>(null);
  readonly #asking = signal(false);
  readonly #trouble = signal<string | null>(null);
  readonly #name = signal("");

  /** Null in the lobby. */
  readonly visit: ReadonlySignal<Visit | null> = this.#visit;
  /** The gateway is being asked for a room. */
  readonly asking: ReadonlySignal<boolean> = this.#asking;
  /** The newest failure in the lobby, as a sentence. */
  readonly trouble: ReadonlySignal<string | null> = this.#trouble;
  readonly name: ReadonlySignal<string> = this.#name;
  readonly link: ReadonlySignal<string> = computed(() => {
    const visit = this.#visit.value;
    return visit === null ? this.#around.address.page : writeWish(this.#around.address.page, visit.wish);
  });

  constructor(around: Surroundings) {
    this.#around = around;
    this.#name.value = around.keepsakes.name(around.slot);
    if (around.place === undefined) this.#trouble.value = "The place after ?at= in this page's address is no address.";
  }

  get builtIn(): BuiltIn {
    return this.#around.builtIn;
  }

  get place(): string | undefined {
    return this.#around.place;
  }

  rename(name: string): void {
    this.#name.value = name;
    this.#around.keepsakes.keepName(this.#around.slot, name.trim());
  }

  /** Follows the address bar: at the start, and when somebody goes back or forward or pastes a link over it. */
  async follow(fragment: string): Promise<void> {
    let wish: Wish | undefined;
    try {
      wish = readWish(fragment);
    } catch (error) {
      this.#trouble.value = error instanceof ClientError ? error.sentence : String(error);
    }
    if (wish === undefined) return this.#leaveRoom();
    const current = this.#visit.value?.wish;
    if (current?.room !== wish.room || current.want !== wish.want) await this.enter(wish);
  }

  /** Where most are and a seat is free, or a new one. */
  async playNow(): Promise<void> {
    await this.#ask(async (place) => ({ room: await this.#around.findArena(place), want: "play" }));
  }

  /** An arena that only its invitation opens. */
  async createPrivate(): Promise<void> {
    await this.#ask(async (place) => {
      const room = await this.#around.createRoom(place);
      return { room, want: "play", invite: newInviteSecret(), lock: true };
    });
  }

  async enter(wish: Wish): Promise<void> {
    this.#visit.value?.close();
    const visit = new Visit(
      wish,
      this.#around.entrance(() => this.#name.value.trim()),
    );
    batch(() => {
      this.#trouble.value = null;
      this.#visit.value = visit;
    });
    this.#around.address.go(writeWish(this.#around.address.page, wish));
    await visit.enter();
  }

  /** Accepts the development root with this fingerprint, in this window. False: that was none. */
  async typeFingerprint(typed: string, wish: Wish): Promise<boolean> {
    const fingerprint = readFingerprint(typed);
    if (fingerprint === undefined) return false;
    this.#around.keepsakes.keepFingerprint(fingerprint);
    await this.enter(wish);
    return true;
  }

  /** Gives up the seat. */
  async leave(): Promise<void> {
    const visit = this.#visit.value;
    this.#around.address.go(this.#around.address.page);
    this.#visit.value = null;
    await visit?.leave();
  }

  toLobby(): void {
    this.#around.address.go(this.#around.address.page);
    this.#leaveRoom();
  }

  #leaveRoom(): void {
    this.#visit.value?.close();
    this.#visit.value = null;
  }

  async #ask(request: (place: string) => Promise<Wish>): Promise<void> {
    const { place } = this.#around;
    if (place === undefined || this.#asking.value) return;
    this.#asking.value = true;
    this.#trouble.value = null;
    try {
      await this.enter(await request(place));
    } catch (error) {
      this.#trouble.value =
        error instanceof ClientError ? error.sentence : "Something went wrong on this page. Reload it and try again.";
    } finally {
      this.#asking.value = false;
    }
  }
}
