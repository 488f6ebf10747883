import type { ExchangeCore } from './exchange-core.ts';
import type { Listing, OrderWish } from './exchange-types.ts';
import { orderView, type OrderView } from './exchange-view.ts';
import type { BefallingFate } from './fates.ts';
import { floorTo, plain, units, type Units } from './units.ts';

/** A foreign order as a test writes it. */
export interface ForeignOrder {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  /** A market order without one. */
  readonly limit?: string;
  readonly clientId?: string | null;
}

/** Conditions that last, other than what strikes once. */
type ConditionKind = 'fee-in' | 'fee-late' | 'clock-offset' | 'silent-stream';

/** What befalls an account by other hands than those of the program under test. */
export class ExternalHands {
  readonly #core: ExchangeCore;

  constructor(core: ExchangeCore) {
    this.#core = core;
  }

  /** Adds to or takes from what is free of an asset, never more than there is; tells how much. */
  adjust(asset: string, amount: string): Units {
    const { accounts, desk } = this.#core;
    const { free } = accounts.holding(asset);
    const wanted = units(amount);
    const moved = wanted < -free ? -free : wanted;
    const at = { step: desk.advance(), time: this.#core.now(), what: `outside edit of ${asset}` };
    if (moved >= 0n) accounts.move(asset, moved, ['outside', 'free'], at);
    else accounts.move(asset, -moved, ['free', 'outside'], at);
    return moved;
  }

  /** An order placed on the web site or by another program. */
  place(order: ForeignOrder): OrderView {
    const wish: OrderWish = {
      clientId: order.clientId ?? null,
      symbol: order.symbol,
      side: order.side,
      kind: order.limit === undefined ? 'market' : 'limit',
      quantity: units(order.quantity),
      limit: order.limit === undefined ? null : units(order.limit),
      lifetime: order.limit === undefined ? 'ioc' : 'gtc',
    };
    const placed = this.#core.desk.place(wish, false);
    if (placed.kind === 'refused') throw new Error(`a foreign order was refused: ${placed.reason}`);
    return orderView(placed.order);
  }

  /** Somebody cancels one of our orders by hand. */
  cancel(clientId: string): void {
    const order = this.#core.store.withClientId(clientId).at(-1);
    if (order === undefined) throw new Error(`no order "${clientId}" at this exchange`);
    this.#core.desk.cancel(order.id);
  }

  /** Other steps, minima, or another status, from now on. */
  relist(symbol: string, change: Partial<Omit<Listing, 'symbol'>>): void {
    const market = this.#core.market(symbol);
    market.listing = { ...market.listing, ...change };
    this.#core.desk.advance();
  }

  /** Trading ends for good: what rests is canceled, what was asked for is refused. */
  delist(symbol: string): void {
    this.relist(symbol, { status: 'delisted' });
    for (const order of this.#core.store.open()) {
      if (order.symbol === symbol) this.#core.desk.cancel(order.id);
    }
  }

  /** Lets a fate befall exchange or account; false where there is nothing for it to strike. */
  befall(fate: BefallingFate): boolean {
    const { desk } = this.#core;
    if (fate.kind === 'fee-in') desk.feeTaking = fate.taking;
    else if (fate.kind === 'fee-late') desk.feeDelayMs = fate.ms;
    else if (fate.kind === 'clock-offset') this.#core.clockOffsetMs = fate.ms;
    else if (fate.kind === 'silent-stream') this.#core.areStreamsSilent = true;
    else return this.#strike(fate);
    return true;
  }

  #strike(fate: Exclude<BefallingFate, { kind: ConditionKind }>): boolean {
    switch (fate.kind) {
      case 'precision-change':
        return this.#coarsen(fate.symbol ?? this.#anySymbol());
      case 'delist':
        this.delist(fate.symbol ?? this.#anySymbol());
        return true;
      case 'outside-edit':
        return this.#edit(fate.asset ?? this.#anyAsset(), fate.percent);
      case 'foreign-order':
        return this.#foreign(this.#anySymbol());
      case 'odd-status': {
        const { word, ms } = fate;
        this.#core.oddStatus = { word, until: this.#core.now() + ms };
        return this.#core.store.open().some(({ isOurs }) => isOurs);
      }
      case 'manual-cancel': {
        const order = this.#core.store.open().find(({ isOurs }) => isOurs);
        if (order !== undefined) this.#core.desk.cancel(order.id);
        return order !== undefined;
      }
    }
  }

  /** Ten times the steps there were. */
  #coarsen(symbol: string): boolean {
    const { tick, lot } = this.#core.market(symbol);
    if (lot * 10n > units('1')) return false;
    const lotStep = plain(lot * 10n);
    this.relist(symbol, { tickSize: plain(tick * 10n), lotStep, minQuantity: lotStep });
    const market = this.#core.market(symbol);
    market.setPrice(floorTo(market.last, market.tick));
    return true;
  }

  #edit(asset: string, percent: number): boolean {
    const { free } = this.#core.accounts.holding(asset);
    const change = (free * BigInt(percent)) / 100n;
    return change !== 0n && this.adjust(asset, plain(change)) !== 0n;
  }

  /** The least there may be, far from the market. */
  #foreign(symbol: string): boolean {
    const market = this.#core.market(symbol);
    const limit = floorTo(market.last / 2n, market.tick);
    if (limit === 0n) return false;
    const needed = (units(market.listing.minNotional) * units('1')) / limit + market.lot;
    const least = units(market.listing.minQuantity);
    const quantity = floorTo(needed > least ? needed + market.lot : least, market.lot);
    const wish = { clientId: null, symbol, side: 'buy', kind: 'limit', lifetime: 'gtc' } as const;
    return this.#core.desk.place({ ...wish, quantity, limit }, false).kind === 'taken';
  }

  /** Another one with every change of the exchange. */
  #anySymbol(): string {
    const symbols = [...this.#core.markets.keys()];
    return symbols[this.#core.desk.step % symbols.length] ?? '';
  }

  #anyAsset(): string {
    const assets = [...this.#core.accounts.holdings().keys()];
    return assets[this.#core.desk.step % assets.length] ?? '';
  }
}
