/** The page: joins a room after checking its enclave, draws what it sees, sends where you run. */
import { ClientError, createRoom, guestAccount, join, parseInvite } from "phatroom/client";
import { indexedDbKeyStore, indexedDbWitnessStore } from "phatroom/client";
import { builtIn } from "phatroom/built-in";
import { field, name, type Arena, type Move, type View } from "./arena.ts";

const show = (id: string, text: string): void => void (document.getElementById(id)!.textContent = text);
const url = location.origin;
const keys: Readonly<Record<string, Move["run"]>> = {
  ArrowUp: "up",
  ArrowRight: "right",
  ArrowDown: "down",
  ArrowLeft: "left",
  " ": "stay",
};

async function play(): Promise<void> {
  // The room that the address names, or a new one, which the address then names.
  const id = parseInvite(location.hash)?.room ?? (await createRoom(url, { contract: name, listed: true }));
  location.hash = `room=${id}`;

  // Each window is a player of its own, so that you can play against yourself. A reload is the same player again.
  const player = (sessionStorage["player"] ??= crypto.randomUUID());
  const account = await guestAccount(indexedDbKeyStore(indexedDB, player));
  const contract = builtIn.contracts[name]!;
  // What this device remembers of a room: a host that shows an older copy of it later is found out.
  const witnesses = indexedDbWitnessStore();
  const room = await join<Arena>(url, { ...builtIn, contract, room: id, account, witnesses });
  show("shield", room.shield.development ? "Development world: protects nothing from its host." : "Enclave checked.");

  const draw = (): void => {
    const { view, seat, status } = room;
    document.body.dataset["phase"] = status.phase;
    if (view === null) return;
    const waiting = status.phase === "open";
    show("state", waiting ? "Send this page's address to somebody." : view.it === seat ? "You are it!" : "Run!");
    show("score", view.runners.map((runner) => `player ${runner.seat + 1}: ${runner.points}`).join(" · "));
    drawField(view, seat);
  };
  room.on("view", draw);
  room.on("status", draw);
  room.on("closed", (error) => show("state", error.sentence));
  draw();

  document.addEventListener("keydown", (event) => {
    const run = keys[event.key];
    if (run === undefined || event.repeat) return;
    event.preventDefault();
    // What is refused, or cannot be sent any more, changes nothing on the field.
    room.move({ run }).catch(() => undefined);
  });
}

function drawField(view: View, seat: number | null): void {
  const canvas = document.querySelector("canvas")!;
  const pen = canvas.getContext("2d")!;
  const scale = canvas.width / field.width;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  for (const runner of view.runners) {
    pen.fillStyle = runner.seat === view.it ? "#ff6b5e" : "#cdfa50";
    pen.beginPath();
    pen.arc(runner.x * scale, runner.y * scale, scale * 0.75, 0, 2 * Math.PI);
    pen.fill();
    if (runner.seat === seat) pen.strokeRect((runner.x - 1) * scale, (runner.y - 1) * scale, 2 * scale, 2 * scale);
  }
}

play().catch((error: unknown) => show("state", error instanceof ClientError ? error.sentence : String(error)));
