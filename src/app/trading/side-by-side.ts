/**
 * Runs loops side by side until the signal aborts. The first that ends, however it ends, ends the
 * others. Gives what made the first of them fail, or null.
 */
export async function sideBySide(
  loops: readonly ((signal: AbortSignal) => Promise<void>)[],
  stop: AbortSignal,
): Promise<PromiseRejectedResult | null> {
  const ended = new AbortController();
  const either = AbortSignal.any([stop, ended.signal]);
  const results = await Promise.allSettled(
    loops.map(async (loop) => {
      try {
        await loop(either);
      } finally {
        ended.abort();
      }
    }),
  );
  return results.find((result) => result.status === 'rejected') ?? null;
}
