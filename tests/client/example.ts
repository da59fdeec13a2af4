import { guestAccount, join, memoryKeyStore, type Ended, type JoinOptions } from "#client/index.ts";
import type { dot4 } from "#dot4/dot4.ts";

const below = (n: number) => Math.floor(Math.random() * n);

/** Plays Dot4 without a plan until the game is over. */
export async function playBot(url: string, place: Omit<JoinOptions, "account">): Promise<Ended> {
  const account = await guestAccount(memoryKeyStore());
  const room = await join<typeof dot4>(url, { ...place, account, name: "Bot" });
  const play = async (): Promise<void> => {
    const { view, seat } = room;
    if (view?.phase === "placing" && seat !== null && !view.ready[seat]) {
      await room.move({ kind: "place", bombs: [[1, below(10)], [4, below(10)], [7, below(10)]] }); // oxfmt-ignore
    } else if (view?.phase === "playing" && view.turn === seat) {
      const side = (["top", "right", "bottom", "left"] as const)[below(4)]!;
      const outcome = await room.move({ kind: "drop", side, line: below(10) });
      if (!outcome.accepted) await play(); // that line is full: another one
    }
  };
  const ended = new Promise<Ended>((resolve, reject) => {
    room.on("ended", resolve);
    room.on("closed", reject);
  });
  const playOn = () => void play().catch(() => undefined); // rejected only when the room closes
  room.on("view", playOn);
  playOn();
  return ended.finally(() => room.close());
}
