/** Shortest line of a secret of several lines that is taken out by itself. */
const LINE_MIN = 16;

/** Takes secrets out of texts by value, however they were encoded: a server may echo them. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  // Longest first: a spelling may be part of another.
  const spellings = [...new Set(secrets.flatMap(spellingsOf))]
    .filter((spelling) => spelling !== '')
    .sort((one, other) => other.length - one.length);
  return (text) => spellings.reduce((clean, spelling) => clean.replaceAll(spelling, '***'), text);
}

function spellingsOf(given: string): readonly string[] {
  // A key of several lines stands in one line of `.env`, with `\n` between them.
  const unfolded = given.replaceAll('\\n', '\n');
  return unfolded === given
    ? encodingsOf(given)
    : [...encodingsOf(given), ...encodingsOf(unfolded)];
}

function encodingsOf(secret: string): readonly string[] {
  return [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
    JSON.stringify(secret).slice(1, -1),
    ...secret
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.length >= LINE_MIN && !line.startsWith('-----')),
  ];
}
