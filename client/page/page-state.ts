/** What the page is showing, and everything a person can make it do. The only place that knows all its parts. */
import { batch, computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Account } from "#client/account.ts";
import { ClientError } from "#client/errors.ts";
import { newInviteSecret } from "#client/invite.ts";
import type { RoomId } from "#protocol/identity.ts";
import { readFingerprint, withTypedRoot } from "#kit/advice.ts";
import type { BuiltIn } from "#kit/built-in.ts";
import { seatedHere, type Locks, type Seated } from "#kit/device-player.ts";
import type { Keepsakes } from "#kit/keepsakes.ts";
import { Visit, type Entrance } from "./visit.ts";
import { readWish, writeWish, type Wish } from "#kit/wish.ts";

export const contractName = "dot4";

/** The browser, as far as this page needs it. */
export interface Surroundings {
  readonly builtIn: BuiltIn;
  readonly keepsakes: Keepsakes;
  readonly locks: Locks;
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
  readonly accountOf: (slot: number) => Promise<Account>;
  readonly join: Entrance["join"];
  readonly quickMatch: (place: string) => Promise<RoomId>;
  readonly createRoom: (place: string) => Promise<RoomId>;
}

type Screen =
  | { readonly at: "lobby" }
  /** This device has a seat in that room already, in another window that is open. */
  | { readonly at: "choice"; readonly wish: Wish; readonly seated: Seated }
  | { readonly at: "room"; readonly visit: Visit; readonly number: number };

export class PageState {
  readonly #around: Surroundings;
  readonly #screen = signal<Screen>({ at: "lobby" });
  readonly #asking = signal<"match" | "create" | null>(null);
  readonly #trouble = signal<string | null>(null);
  readonly #name = signal("");
  readonly #going = signal<Wish | null>(null);
  /** Which of this device's players visits: the window's own, unless it has taken up another's seat. */
  #player: number;
  #visits = 0;

  readonly screen: ReadonlySignal<Screen> = this.#screen;
  readonly visit: ReadonlySignal<Visit | null> = computed(() =>
    this.#screen.value.at === "room" ? this.#screen.value.visit : null,
  );
  /** What the gateway is being asked for. */
  readonly asking: ReadonlySignal<"match" | "create" | null> = this.#asking;
  /** The newest failure in the lobby, as a sentence. */
  readonly trouble: ReadonlySignal<string | null> = this.#trouble;
  readonly name: ReadonlySignal<string> = this.#name;
  /** A game of this player that is not over. */
  readonly going: ReadonlySignal<Wish | null> = this.#going;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#player = around.slot;
    this.#name.value = around.keepsakes.name(around.slot);
    this.#going.value = around.keepsakes.game(around.slot);
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

  complain(sentence: string | null): void {
    this.#trouble.value = sentence;
  }

  /** Follows the address bar: at the start, and when somebody goes back or forward or pastes a link over it. */
  async follow(fragment: string): Promise<void> {
    let wish: Wish | undefined;
    try {
      wish = readWish(fragment);
    } catch (error) {
      this.#trouble.value = error instanceof ClientError ? error.sentence : String(error);
    }
    if (wish === undefined) {
      this.#toLobby();
      return;
    }
    const current = this.visit.value;
    if (current !== null && current.wish.room === wish.room && current.wish.want === wish.want) return;
    await this.#open(wish, { asking: true });
  }

  /** The first free seat, or a new room. */
  async playNow(): Promise<void> {
    await this.#ask("match", async (place) => ({ room: await this.#around.quickMatch(place), want: "play" }));
  }

  /** A room that only its invitation opens. */
  async createPrivate(): Promise<void> {
    await this.#ask("create", async (place) => {
      const room = await this.#around.createRoom(place);
      return { room, want: "play", invite: newInviteSecret(), lock: true };
    });
  }

  /** Another game of the same kind. */
  async playAgain(after: Wish): Promise<void> {
    await (after.invite === undefined ? this.playNow() : this.createPrivate());
  }

  /** Into a room from the list or by a link. */
  async enter(wish: Wish): Promise<void> {
    await this.#open(wish, { asking: true });
  }

  /** Answers the choice between the seat in the other window and a seat of one's own. */
  async choose(choice: "take-over" | "other-player" | "watch"): Promise<void> {
    const screen = this.#screen.value;
    if (screen.at !== "choice") return;
    const { wish, seated } = screen;
    if (choice === "take-over") await this.#visit(wish, seated.slot);
    else await this.#visit({ ...wish, want: choice === "watch" ? "watch" : "play" }, this.#around.slot);
  }

  /** The same visit once more, or for watching. */
  async retry(wish: Wish): Promise<void> {
    await this.#visit(wish, this.#player);
  }

  /** Accepts the development root with this fingerprint, in this window. False: that was none. */
  async typeFingerprint(typed: string, wish: Wish): Promise<boolean> {
    const fingerprint = readFingerprint(typed);
    if (fingerprint === undefined) return false;
    this.#around.keepsakes.keepFingerprint(fingerprint);
    await this.retry(wish);
    return true;
  }

  /** Gives up the seat and goes back to the lobby. */
  async leave(): Promise<void> {
    const visit = this.visit.value;
    if (visit !== null && visit.seat.value !== null) this.#around.keepsakes.dropGame(this.#player);
    const leaving = visit?.leave();
    this.toLobby();
    await leaving;
  }

  toLobby(): void {
    this.#around.address.go(this.#around.address.page);
    this.#toLobby();
  }

  /** Called when a visit has learnt something: what is remembered depends on it. */
  remember(visit: Visit): void {
    const { keepsakes } = this.#around;
    const slot = this.#player;
    if (visit.seat.value === null) return;
    const gone = ["room-not-found", "room-ended", "left"].includes(visit.failure.value?.code ?? "");
    if (visit.status.value.ended !== null || gone) keepsakes.dropGame(slot);
    else keepsakes.keepGame(slot, visit.wish);
  }

  #toLobby(): void {
    this.visit.value?.close();
    batch(() => {
      this.#screen.value = { at: "lobby" };
      this.#going.value = this.#around.keepsakes.game(this.#around.slot);
    });
  }

  async #ask(what: "match" | "create", request: (place: string) => Promise<Wish>): Promise<void> {
    const { place } = this.#around;
    if (place === undefined || this.#asking.value !== null) return;
    const before = this.#screen.value;
    this.#asking.value = what;
    this.#trouble.value = null;
    try {
      const wish = await request(place);
      // Somebody who went elsewhere meanwhile is not called back.
      if (this.#screen.value === before) await this.#open(wish, { asking: false });
    } catch (error) {
      this.#trouble.value =
        error instanceof ClientError ? error.sentence : "Something went wrong on this page. Reload it and try again.";
    } finally {
      this.#asking.value = null;
    }
  }

  /** @param asking whether to ask which player one is, if this device has a seat in the room in another window. */
  async #open(wish: Wish, { asking }: { readonly asking: boolean }): Promise<void> {
    const { locks, keepsakes, slot } = this.#around;
    const seated = wish.want === "watch" ? null : await seatedHere(locks, keepsakes, slot, wish.room);
    if (seated !== null && seated.open && asking) {
      this.visit.value?.close();
      this.#screen.value = { at: "choice", wish, seated };
      return;
    }
    // A seat whose window is gone is simply taken up again.
    await this.#visit(wish, seated !== null && !seated.open ? seated.slot : slot);
  }

  async #visit(wish: Wish, slot: number): Promise<void> {
    const { place, builtIn, keepsakes, address, accountOf, join } = this.#around;
    const contract = builtIn.contracts[contractName];
    if (place === undefined || contract === undefined) return;
    this.visit.value?.close();
    this.#player = slot;
    const visit = new Visit(wish, {
      place,
      world: builtIn.world,
      contract,
      lineage: builtIn.lineages[contractName],
      policy: withTypedRoot(builtIn.policy, keepsakes.fingerprint()),
      account: () => accountOf(slot),
      name: this.#name.value.trim(),
      join,
    });
    batch(() => {
      this.#trouble.value = null;
      this.#asking.value = null;
      this.#screen.value = { at: "room", visit, number: ++this.#visits };
    });
    address.go(writeWish(address.page, wish));
    await visit.enter();
  }
}
