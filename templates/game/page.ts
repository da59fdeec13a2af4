/** The page: joins a room after checking its enclave, shows the view, sends bids. */
import { ClientError, createRoom, guestAccount, join, parseInvite } from "phatroom/client";
import { indexedDbKeyStore, indexedDbWitnessStore } from "phatroom/client";
import { builtIn } from "phatroom/built-in";
import { game } from "./contract.ts";

const show = (id: string, text: string): void => void (document.getElementById(id)!.textContent = text);
const url = location.origin;

async function play(): Promise<void> {
  // The room that the address names, or a new one, which the address then names.
  const id = parseInvite(location.hash)?.room ?? (await createRoom(url, { contract: game.name, listed: true }));
  location.hash = `room=${id}`;

  // Each window is a player of its own, so that you can play against yourself. A reload is the same player again.
  const player = (sessionStorage["player"] ??= crypto.randomUUID());
  const account = await guestAccount(indexedDbKeyStore(indexedDB, player));

  const contract = builtIn.contracts[game.name]!;
  // What this device remembers of a room: a host that shows an older copy of it later is found out.
  const witnesses = indexedDbWitnessStore();
  const room = await join<typeof game>(url, { ...builtIn, contract, room: id, account, witnesses });
  show("shield", room.shield.development ? "Development world: protects nothing from its host." : "Enclave checked.");

  const draw = (): void => {
    const { view, seat, status } = room;
    document.body.dataset["phase"] = status.phase;
    if (view === null || status.phase === "paused") return show("state", "Waiting for somebody who is away.");
    show(
      "state",
      status.phase === "open" ? "Send this page's address to somebody." : `Treasure ${view.sold + 1} of 5.`,
    );
    if (view.over) show("state", "All sold.");
    const you = seat === null ? "you are watching" : `you are player ${seat + 1}`;
    show("score", `Treasures ${view.won.join(" : ")} · coins ${view.coins.join(" : ")} · ${you}`);
    show("last", view.last === null ? "" : `Last bids: ${view.last.join(" and ")}.`);
  };
  room.on("view", draw);
  room.on("status", draw);
  room.on("closed", (error) => show("state", error.sentence));
  draw();

  document.querySelector("form")!.addEventListener("submit", (event) => {
    event.preventDefault();
    const bid = Number(new FormData(event.target as HTMLFormElement).get("bid"));
    room.move({ bid }).then(
      (outcome) => show("answer", outcome.accepted ? `You bid ${bid}.` : outcome.reason),
      () => undefined, // the room closed, which is shown already
    );
  });
}

play().catch((error: unknown) => show("state", error instanceof ClientError ? error.sentence : String(error)));
