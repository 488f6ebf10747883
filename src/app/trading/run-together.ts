/** Something that runs until a signal aborts. */
interface Runs {
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Runs parts side by side until the signal aborts. One that fails ends the others, and all of them
 * have ended before its failure is thrown: none goes on behind the back of whoever is told.
 */
export async function runTogether(parts: readonly Runs[], signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const failures: unknown[] = [];
  const guarded = async (part: Runs): Promise<void> => {
    try {
      await part.run(either);
    } catch (error) {
      failures.push(error);
      stop.abort();
    }
  };
  await Promise.all(parts.map(guarded));
  if (failures.length > 0) throw failures[0];
}
