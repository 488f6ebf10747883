import { describe, expect, it } from 'vitest';
import type { ExchangeCore } from '../../support/exchange-sim/exchange-core.ts';
import type { OrderWish, Refusal } from '../../support/exchange-sim/exchange-types.ts';
import { makeExchange, type VenueId } from '../../support/exchange-sim/make-exchange.ts';
import { units } from '../../support/exchange-sim/units.ts';

const PAIR = 'BTC/USD';
/** 2026-03-02T10:00Z. */
const START = 1_772_445_600_000;
const HOUR = 3_600_000;

function world(venue: VenueId = 'binance') {
  const clock = { time: START };
  const { core } = makeExchange(venue, { clock: { now: () => clock.time } });
  const place = (change: Partial<OrderWish>) => {
    const wish: OrderWish = {
      clientId: 'qsone',
      symbol: PAIR,
      side: 'buy',
      kind: 'limit',
      quantity: units('0.1'),
      limit: units('59000'),
      lifetime: 'gtc',
      ...change,
    };
    return core.desk.place(wish);
  };
  return { clock, core, place };
}

function half(core: ExchangeCore): void {
  core.desk.liquidity = (_, wanted) => wanted / 2n;
}

describe('an order at the fake exchange', () => {
  it('rests until the market reaches it, and then gets its own price', () => {
    const { core, place } = world();
    place({});
    core.moveTo(PAIR, '58000');
    expect(core.order('qsone')).toMatchObject({ state: 'filled', averagePrice: '59000' });
    expect(core.trades()).toMatchObject([
      { isMaker: true, fee: { asset: 'BTC', amount: '0.0001' } },
    ]);
  });

  it('takes the other side at once where its limit allows, at the better price', () => {
    const { core, place } = world();
    place({ limit: units('61000') });
    expect(core.order('qsone')).toMatchObject({ state: 'filled', averagePrice: '60012' });
    expect(core.trades()).toMatchObject([{ isMaker: false }]);
  });

  it('is filled in parts where not all is there', () => {
    const { core, place } = world();
    half(core);
    place({});
    core.moveTo(PAIR, '58000');
    expect(core.order('qsone')).toMatchObject({ state: 'open', filled: '0.05' });
    core.moveTo(PAIR, '58000');
    expect(core.order('qsone')).toMatchObject({ state: 'open', filled: '0.075' });
    core.desk.liquidity = (_, wanted) => wanted;
    core.moveTo(PAIR, '58000');
    expect(core.order('qsone')).toMatchObject({ state: 'filled', filled: '0.1' });
  });

  it.each([
    ['ioc', 'binance', { state: 'expired', filled: '0.05' }],
    ['ioc', 'kraken', { state: 'canceled', filled: '0.05' }],
    ['fok', 'binance', { state: 'expired', filled: '0' }],
  ] as const)('that is %s does not rest at %s: %j', (lifetime, venue, wanted) => {
    const { core, place } = world(venue);
    half(core);
    place({ lifetime, limit: units('61000') });
    expect(core.order('qsone')).toMatchObject(wanted);
    const { total, free } = core.balances()['USD'] ?? { total: '', free: 'none' };
    expect(free, 'nothing is held any more').toBe(total);
  });

  it('ends with its day, or at its own time', () => {
    const { clock, core, place } = world();
    place({ lifetime: 'day' });
    place({ lifetime: 'gtd', clientId: 'qsother', expiresAt: START + HOUR });
    clock.time = START + HOUR;
    core.desk.settle();
    expect(core.order('qsother')).toMatchObject({ state: 'expired' });
    expect(core.order('qsone')).toMatchObject({ state: 'open' });
    clock.time = START + 14 * HOUR;
    core.desk.settle();
    expect(core.order('qsone')).toMatchObject({ state: 'expired' });
  });

  it('trails the market and goes off where that turns', () => {
    const { core, place } = world();
    place({ kind: 'trailing', side: 'sell', limit: null, trail: units('500') });
    expect(core.order('qsone')).toMatchObject({ stop: '59500' });
    core.moveTo(PAIR, '61000');
    core.moveTo(PAIR, '60600');
    expect(core.order('qsone')).toMatchObject({ stop: '60500', state: 'open' });
    core.moveTo(PAIR, '60500');
    expect(core.order('qsone')).toMatchObject({ state: 'filled', averagePrice: '60487.9' });
  });

  it('that is a stop is filled at the market, past a gap too', () => {
    const { core, place } = world();
    place({ kind: 'stop', side: 'sell', limit: null, stop: units('58000') });
    core.moveTo(PAIR, '50000');
    expect(core.order('qsone')).toMatchObject({ state: 'filled', averagePrice: '49990' });
  });

  it('that is a stop-limit rests where the gap was wider than its limit', () => {
    const { core, place } = world();
    const stop = { stop: units('58000'), limit: units('57000') };
    place({ kind: 'stop_limit', side: 'sell', ...stop });
    core.moveTo(PAIR, '50000');
    expect(core.order('qsone')).toMatchObject({ state: 'open', isTriggered: true, filled: '0' });
    core.moveTo(PAIR, '57100');
    expect(core.order('qsone')).toMatchObject({ state: 'filled', averagePrice: '57000' });
  });

  it('that would go off at once is refused at Binance, and goes off at Kraken', () => {
    const wish = { kind: 'stop', side: 'sell', limit: null, stop: units('61000') } as const;
    expect(world('binance').place(wish)).toEqual({ kind: 'refused', reason: 'would-trigger' });
    const { core, place } = world('kraken');
    place(wish);
    expect(core.order('qsone')).toMatchObject({ state: 'filled' });
  });

  it.each<[Refusal, Partial<OrderWish>]>([
    ['unknown-symbol', { symbol: 'DOGE/USD' }],
    ['lot-step', { quantity: units('0.100001') }],
    ['min-quantity', { quantity: 0n }],
    ['tick-size', { limit: units('59000.001') }],
    ['min-notional', { quantity: units('0.00002') }],
    ['price-band', { limit: units('5000') }],
    ['funds', { quantity: units('2') }],
    ['would-take', { limit: units('60012'), postOnly: true }],
    ['bad-order', { stop: units('61000') }],
  ])('is refused for %s', (reason, change) => {
    const { core, place } = world();
    expect(place(change)).toEqual({ kind: 'refused', reason });
    expect(core.orders()).toEqual([]);
  });

  it('is refused once its symbol is not traded any more, and canceled if it rests', () => {
    const { core, place } = world();
    place({});
    core.external.delist(PAIR);
    expect(core.order('qsone')).toMatchObject({ state: 'canceled' });
    expect(place({ clientId: 'qstwo' })).toEqual({ kind: 'refused', reason: 'not-trading' });
  });

  it('goes on under a cancel that takes its time, and may still be filled', () => {
    const { clock, core, place } = world();
    const placed = place({});
    core.desk.cancelDelayMs = 60_000;
    if (placed.kind === 'taken') core.desk.cancel(placed.order.id);
    expect(core.order('qsone')).toMatchObject({ state: 'pending-cancel' });
    core.fill('qsone', '0.04');
    expect(core.order('qsone')).toMatchObject({ state: 'pending-cancel', filled: '0.04' });
    clock.time += 60_000;
    core.desk.settle();
    expect(core.order('qsone')).toMatchObject({ state: 'canceled', filled: '0.04' });
  });

  it('pays in a third asset while there is some of it', () => {
    const { core, place } = world();
    core.desk.feeTaking = 'third';
    core.external.adjust('BNB', '-4.98');
    place({ kind: 'market', limit: null });
    place({ kind: 'market', limit: null, clientId: 'qstwo' });
    expect(core.trades().map(({ fee }) => fee)).toEqual([
      { asset: 'BNB', amount: '0.010002' },
      { asset: 'BTC', amount: '0.0001' },
    ]);
  });
});
