/** A text in quotes, or a number: nothing else in JSON begins with either. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Reads JSON with every number as the text it was: an order id above 2^53 or a price of twenty digits
 * is not what a double makes of it. Throws a `SyntaxError` on what is no JSON.
 */
export function parseExactly(body: string): unknown {
  // Judged first as it came: quotes could mend what is broken.
  JSON.parse(body);
  const value: unknown = JSON.parse(
    body.replaceAll(TOKENS, (token) => (token.startsWith('"') ? token : `"${token}"`)),
  );
  return value;
}
