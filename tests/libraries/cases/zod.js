import { z } from "zod";

const Move = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("walk"), to: z.tuple([z.number().int(), z.number().int()]) }),
  z.object({ kind: z.literal("say"), text: z.string().trim().min(1).max(20) }),
]);

export function run() {
  const moves = [{ kind: "walk", to: [1, 2] }, { kind: "walk", to: [1.5] }, { kind: "say", text: "  hi " }, 7];
  return moves.map((move) => {
    const { success, data, error } = Move.safeParse(move);
    return success ? data : error.issues.map(({ code, path, message }) => ({ code, path, message }));
  });
}
