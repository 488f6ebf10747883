/** With where it came from: whoever reads it has nothing else. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  const cause = error.cause === undefined ? '' : `\n${textOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
}
