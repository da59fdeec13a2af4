/** Does something for each of these, so many of them at once. Rejects with the first failure; none of the others stops for it. */
export async function atOnce<T>(most: number, all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const waiting = all.values();
  const next = async (): Promise<void> => {
    for (const each of waiting) await work(each);
  };
  await Promise.all(Array.from({ length: most }, next));
}
