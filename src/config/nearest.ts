import { closest, distance } from 'fastest-levenshtein';

/** The known word that a misspelt one most likely stands for; null when none is close. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const candidate = closest(word.toLowerCase(), known);
  const allowed = Math.max(2, Math.floor(word.length / 3));
  return distance(word.toLowerCase(), candidate) <= allowed ? candidate : null;
}

/** `; did you mean "x"?` where something is close, a list of what is known otherwise. */
export function suggestion(word: string, known: readonly string[], what: string): string {
  const candidate = nearest(word, known);
  if (candidate !== null) return `; did you mean "${candidate}"?`;
  return known.length === 0 ? '' : `; known ${what}: ${known.join(', ')}`;
}
