import type { FollowedBars } from '../../app/run-collect.ts';
import { formatTime } from '../../core/time.ts';
import { minute, plural } from './number-format.ts';

/** `2024-01-01 05:00 coinbase BTC/USD 1h: 1 bar, close 42000.5, volume 12.3`. */
export function followedLine(followed: FollowedBars): string {
  const { exchange, symbol, timeframe, inserted, revised, last } = followed;
  const facts = [
    ...(inserted > 0 ? [plural(inserted, 'bar')] : []),
    ...(revised > 0 ? [`${revised} revised`] : []),
    ...(last === null ? [] : [`close ${last.close}`, `volume ${last.volume}`]),
  ];
  const when = last === null ? '' : `${minute(formatTime(last.openTime))} `;
  return `${when}${exchange} ${symbol} ${timeframe}: ${facts.join(', ')}\n`;
}
