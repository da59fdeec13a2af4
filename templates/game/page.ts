/** The page: joins a room after checking its enclave, shows the view, sends bids. */
import { createRoom, guestAccount, indexedDbKeyStore, join, parseInvite } from "phatroom/client";
import { builtIn } from "phatroom/built-in";
import { game } from "./contract.ts";

const show = (id: string, text: string): void => void (document.getElementById(id)!.textContent = text);
const url = location.origin;

const invited = parseInvite(location.hash)?.room;
const id = invited ?? (await createRoom(url, { contract: game.name, listed: true }));
location.hash = `room=${id}`;

const room = await join<typeof game>(url, {
  ...builtIn,
  contract: builtIn.contracts[game.name]!,
  room: id,
  account: await guestAccount(indexedDbKeyStore()),
});

show("shield", room.shield.development ? "Development world: protects nothing from its host." : "Enclave checked.");

const draw = (): void => {
  const { view, seat, status } = room;
  document.body.dataset["phase"] = status.phase;
  if (view === null) return show("state", "Waiting for somebody who is away.");
  show("state", status.phase === "open" ? "Send this page's address to somebody." : `Treasure ${view.sold + 1} of 5.`);
  show(
    "score",
    `Treasures ${view.won.join(" : ")} · coins ${view.coins.join(" : ")} · you are player ${(seat ?? 0) + 1}`,
  );
  show("last", view.last === null ? "" : `Last bids: ${view.last.join(" and ")}.`);
  if (view.over) show("state", "All sold.");
};
room.on("view", draw);
room.on("status", draw);
draw();

async function bid(coins: number): Promise<void> {
  const outcome = await room.move({ bid: coins });
  show("answer", outcome.accepted ? `You bid ${coins}.` : outcome.reason);
}

document.querySelector("form")!.addEventListener("submit", (event) => {
  event.preventDefault();
  void bid(Number(new FormData(event.target as HTMLFormElement).get("bid")));
});
