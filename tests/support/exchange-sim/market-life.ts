import type { ExchangeCore } from './exchange-core.ts';
import type { SeededChance } from './seeded-chance.ts';
import { floorTo, plain } from './units.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface MarketLifeOptions {
  readonly core: ExchangeCore;
  readonly time: VirtualTime;
  readonly chance: SeededChance;
  /** Between two trades of a symbol. */
  readonly everyMs: number;
  /** Most that one of them moves the price, in ten thousandths. */
  readonly stepBps: number;
  /** Share of trades that are jumps, ten times as far. */
  readonly jumps?: number;
  /** Share of fills for which not all is there that is wanted. */
  readonly partial?: number;
}

/** Lets the markets of an exchange move by chance; what it gives back ends that. */
export function liveMarkets(options: MarketLifeOptions): () => void {
  const { core, time, chance, everyMs, partial = 0 } = options;
  const fills = chance.fork();
  core.desk.liquidity = (_, wanted) => {
    if (!fills.hits(partial)) return wanted;
    // Never nothing at all, or an order might wait for ever.
    return (wanted * BigInt(fills.between(2, 8))) / 10n;
  };
  let callOff = (): void => undefined;
  const turn = (): void => {
    for (const symbol of core.markets.keys()) move(options, symbol);
    callOff = time.after(everyMs, turn);
  };
  callOff = time.after(everyMs, turn);
  return () => callOff();
}

function move({ core, chance, stepBps, jumps = 0 }: MarketLifeOptions, symbol: string): void {
  const market = core.market(symbol);
  if (market.listing.status !== 'trading') return;
  const reach = chance.hits(jumps) ? stepBps * 10 : stepBps;
  const bps = BigInt(chance.between(-reach, reach));
  const wanted = market.last + (market.last * bps) / 10_000n;
  const price = floorTo(wanted, market.tick);
  const least = market.tick * 100n;
  core.moveTo(symbol, plain(price < least ? least : price), String(chance.between(1, 40)));
}
