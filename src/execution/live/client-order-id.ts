import type { OrderId } from '../../core/ids.ts';
import type { ClientOrderId } from '../../ports/exchange-account.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** Marks an order as one of this program's, whichever run placed it. */
const PREFIX = 'qs';
const LETTERS = 16;
const HEX_DIGITS = (LETTERS * 5) / 4;

/** SHA-256 of a text, hexadecimal. */
export type Sha256 = (text: string) => string;

/** What a client id is made of: it is the same for the same three, and for no others. */
interface ClientIdParts {
  /** Random, made once for the run. */
  readonly nonce: string;
  readonly orderId: OrderId;
  /** From 1: how many orders the exchange was meant to get on behalf of this one, this included. */
  readonly attempt: number;
}

/**
 * The id an order goes out with: `qs` and 80 bits of a SHA-256 in base 32, 18 characters. An order
 * that has to be sent anew (a stop that made room for an exit, a size on new steps) is another order
 * to the exchange, and goes out with another id.
 */
export function clientOrderId(
  { nonce, orderId, attempt }: ClientIdParts,
  sha256: Sha256,
): ClientOrderId {
  const text = attempt === 1 ? `${nonce}/${orderId}` : `${nonce}/${orderId}/${attempt}`;
  let bits = BigInt(`0x${sha256(text).slice(0, HEX_DIGITS)}`);
  let letters = '';
  for (let letter = 0; letter < LETTERS; letter++) {
    letters = `${ALPHABET.charAt(Number(bits & 31n))}${letters}`;
    bits >>= 5n;
  }
  return `${PREFIX}${letters}`;
}

/** True for ids that `clientOrderId` could have given. */
export function isOurs(clientId: ClientOrderId | null): clientId is ClientOrderId {
  return clientId !== null && /^qs[a-z2-7]{16}$/.test(clientId);
}
