/** How Kraken calls assets and pairs: the old ones `XXBT`, `ZUSD` and `XXBTZUSD`, the young ones plainly. */
const OLD_ASSETS: Readonly<Record<string, string>> = {
  BTC: 'XXBT',
  ETH: 'XETH',
  USD: 'ZUSD',
  EUR: 'ZEUR',
};

export function krakenAsset(currency: string): string {
  return OLD_ASSETS[currency] ?? currency;
}

export function krakenShort(currency: string): string {
  return currency === 'BTC' ? 'XBT' : currency;
}

/** `XXBTZUSD` where both are old, else `XBTUSDT`. */
export function krakenPair(base: string, quote: string): string {
  const areOld = [base, quote].every((each) => OLD_ASSETS[each] !== undefined);
  return areOld ? krakenAsset(base) + krakenAsset(quote) : krakenShort(base) + krakenShort(quote);
}

export function krakenAltname(base: string, quote: string): string {
  return krakenShort(base) + krakenShort(quote);
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** `OAAAAA-AAAAA-AAAAAB`, another one for every number and kind. */
export function krakenId(kind: 'O' | 'T', n: number): string {
  let rest = n * 2_654_435;
  let letters = '';
  for (let at = 0; at < 16; at += 1) {
    letters = LETTERS.charAt(rest % 32) + letters;
    rest = Math.floor(rest / 32);
  }
  return `${kind}${letters.slice(0, 5)}-${letters.slice(5, 10)}-${letters.slice(10)}`;
}
