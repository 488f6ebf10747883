import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { receive } from '../../support/exchange-sim/exchange-gate.ts';
import type { Fate } from '../../support/exchange-sim/fates.ts';
import { makeExchange } from '../../support/exchange-sim/make-exchange.ts';
import type { Settlement } from '../../support/exchange-sim/wire.ts';

const START = 1_772_445_600_000;
const ORDER =
  'symbol=BTCUSD&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.1&price=50000&newOrderRespType=RESULT';

/** An exchange that is asked without any client in between. */
function world() {
  const clock = { time: START };
  const made = makeExchange('binance', { clock: { now: () => clock.time } });
  const { core, frontEnd, credentials } = made;
  const ask = (method: string, path: string, params: string): Settlement => {
    const signed = `${params}&timestamp=${clock.time}&recvWindow=60000`;
    const hash = createHmac('sha256', credentials.secret).update(signed).digest('hex');
    const text = `${signed}&signature=${hash}`;
    const isPost = method === 'POST';
    return receive(core, frontEnd, {
      method,
      path: `/api/v3/${path}`,
      query: isPost ? '' : text,
      body: isPost ? text : '',
      headers: { 'x-mbx-apikey': credentials.apiKey },
    });
  };
  const place = (id: string, params = ORDER) =>
    ask('POST', 'order', `${params}&newClientOrderId=${id}`);
  const open = () => bodyOf(ask('GET', 'openOrders', 'symbol=BTCUSD'));
  const trades = () => bodyOf(ask('GET', 'myTrades', 'symbol=BTCUSD'));
  const cancel = (id: string) => ask('DELETE', 'order', `symbol=BTCUSD&origClientOrderId=${id}`);
  return { clock, core, ask, place, open, trades, cancel };
}

function bodyOf(settlement: Settlement): string {
  if (settlement.kind !== 'answer')
    throw new Error(`an answer was expected, was ${settlement.kind}`);
  return settlement.response.body;
}

function settledLate(settlement: Settlement): Settlement {
  if (settlement.kind !== 'later') throw new Error(`"later" was expected, was ${settlement.kind}`);
  return settlement.settle();
}

function statusOf(settlement: Settlement): number {
  return settlement.kind === 'answer' ? settlement.response.status : 0;
}

describe('a fate of one request', () => {
  it('strikes the next request of its kind alone, in the order of asking', () => {
    const { core, place, open } = world();
    core.next('place', { kind: 'drop', accepted: false });
    core.next('any', { kind: 'html', accepted: true });
    expect(open()).toContain('<html>');
    expect(open()).toBe('[]');
    expect(place('qsone')).toEqual({ kind: 'drop' });
    expect(statusOf(place('qstwo'))).toBe(200);
  });

  it('writes down what reached the books, and under which id', () => {
    const { core, place } = world();
    core.next('place', { kind: 'hang', accepted: false });
    core.next('place', { kind: 'hang', accepted: true });
    place('qslost');
    place('qstaken');
    expect(core.requests).toMatchObject([
      { call: 'place', subject: { clientId: 'qslost' }, isAccepted: false, at: START },
      { call: 'place', subject: { clientId: 'qstaken' }, isAccepted: true },
    ]);
    expect(core.orders().map(({ clientId }) => clientId)).toEqual(['qstaken']);
    expect([...core.reached]).toEqual([
      ['F01 hang, lost', 1],
      ['F01 hang, accepted', 1],
    ]);
  });

  it('takes an order late, when its asker has long gone', () => {
    const { clock, core, place } = world();
    core.next('place', { kind: 'late', ms: 30_000 });
    const settlement = place('qslate');
    expect(core.orders()).toEqual([]);
    clock.time += 30_000;
    expect(statusOf(settledLate(settlement))).toBe(200);
    expect(core.order('qslate')).toMatchObject({ state: 'open' });
  });

  it('does not take an order that comes after the time it was meant for', () => {
    const { clock, core, place } = world();
    core.next('place', { kind: 'late', ms: 61_000 });
    const settlement = place('qslate');
    clock.time += 61_000;
    expect(bodyOf(settledLate(settlement))).toContain('-1021');
    expect(core.orders()).toEqual([]);
  });

  it('names no order although it was taken', () => {
    const { core, place } = world();
    core.next('place', { kind: 'no-id' });
    expect(bodyOf(place('qsone'))).toBe('{}');
    expect(core.order('qsone')).toMatchObject({ state: 'open' });
  });

  it('hides a new order from so many reads', () => {
    const { core, place, open } = world();
    core.next('place', { kind: 'not-found', reads: 2 });
    place('qsone');
    expect([open(), open()]).toEqual(['[]', '[]']);
    expect(open()).toContain('qsone');
  });

  it('fills an order before its placing is answered as open', () => {
    const { core, place } = world();
    core.next('place', { kind: 'fill-before-ack', delayMs: 500 });
    const settlement = place('qsone');
    expect(settlement).toMatchObject({ afterMs: 500 });
    expect(bodyOf(settlement)).toContain('"status":"NEW"');
    expect(core.order('qsone')).toMatchObject({ state: 'filled' });
  });

  it.each([
    [40, 200, 'canceled', '0.04'],
    [100, 400, 'filled', '0.1'],
  ])('fills %i hundredths before a cancel arrives', (percent, status, state, filled) => {
    const { core, place, cancel } = world();
    place('qsone');
    core.next('cancel', { kind: 'cancel-race', percent });
    expect(statusOf(cancel('qsone'))).toBe(status);
    expect(core.order('qsone')).toMatchObject({ state, filled });
  });

  it('leaves a cancel under way, and says so', () => {
    const { clock, core, place, cancel, open } = world();
    place('qsone');
    core.next('cancel', { kind: 'stuck-cancel', ms: 60_000 });
    expect(bodyOf(cancel('qsone'))).toContain('PENDING_CANCEL');
    expect(open()).toContain('qsone');
    clock.time += 60_000;
    expect(open()).toBe('[]');
  });

  it.each<[string, Fate, RegExp]>([
    ['leaves out of a list', { kind: 'partial-list' }, /^(?!.*qsone).*qstwo/],
    ['tells what was before', { kind: 'stale', steps: 1 }, /^(?!.*qstwo).*qsone/],
    ['turns a list round', { kind: 'reordered' }, /qstwo.*qsone/],
    ['does not say what is filled', { kind: 'filled-form', form: 'missing' }, /^(?!.*executedQty)/],
    ['says too much is', { kind: 'filled-form', form: 'over' }, /"executedQty":"0.10000000"/],
    ['says less than nothing is', { kind: 'filled-form', form: 'negative' }, /"executedQty":"-0.2/],
    ['says another word for a status', { kind: 'status-word', word: 'IN_REVIEW' }, /IN_REVIEW/],
  ])('%s: %j', (_, fate, wanted) => {
    const { core, place, open } = world();
    place('qsone');
    place('qstwo');
    core.next('open', fate);
    expect(open()).toMatch(wanted);
    expect(open(), 'the next one is straight').toMatch(/NEW.*qsone.*qstwo|qsone.*qstwo/);
    expect([...core.reached.values()]).toEqual([1]);
  });

  it('is not counted where it changed nothing', () => {
    const { core, open, cancel } = world();
    core.next('open', { kind: 'partial-list' });
    core.next('open', { kind: 'manual-cancel' });
    core.next('cancel', { kind: 'cancel-race', percent: 100 });
    open();
    open();
    cancel('qsnever');
    expect([...core.reached]).toEqual([]);
  });

  it('tells a trade twice, or its fee not at all, or in no currency', () => {
    const { core, trades } = world();
    core.external.place({ symbol: 'BTC/USD', side: 'buy', quantity: '0.1' });
    core.next('trades', { kind: 'duplicate-trade' });
    expect(trades().match(/"price"/g)).toHaveLength(2);
    core.next('trades', { kind: 'fee-form', form: 'no-currency' });
    expect(trades()).toMatch(/^(?!.*commissionAsset).*"commission":"0.0001"/);
    core.next('trades', { kind: 'fee-form', form: 'null' });
    expect(trades()).not.toContain('commission');
    expect(trades()).toContain('"commissionAsset":"BTC"');
  });

  it('tells a fee late, though it was charged at once', () => {
    const { clock, core, trades, open } = world();
    core.next('open', { kind: 'fee-late', ms: 90_000 });
    open();
    core.external.place({ symbol: 'BTC/USD', side: 'buy', quantity: '0.1' });
    expect(trades()).not.toContain('commission');
    expect(core.balances()['BTC']?.total).toBe('1.0999');
    clock.time += 90_000;
    expect(trades()).toContain('"commission":"0.0001"');
  });

  it.each<[Fate, (core: ReturnType<typeof world>['core']) => unknown, unknown]>([
    [
      { kind: 'precision-change', symbol: 'BTC/USD' },
      (core) => core.market('BTC/USD').listing,
      { tickSize: '0.1', lotStep: '0.0001', minQuantity: '0.0001' },
    ],
    [
      { kind: 'delist', symbol: 'BTC/USD' },
      (core) => core.market('BTC/USD').listing,
      { status: 'delisted' },
    ],
    [
      { kind: 'outside-edit', asset: 'USD', percent: -20 },
      (core) => core.balances()['USD'],
      { total: '80000', free: '80000' },
    ],
    [{ kind: 'foreign-order' }, (core) => core.orders(), [{ isOurs: false, clientId: null }]],
    [{ kind: 'clock-offset', ms: 300 }, (core) => ({ now: core.now() }), { now: START + 300 }],
    [{ kind: 'silent-stream' }, (core) => core, { areStreamsSilent: true }],
  ])('befalls the exchange while a request comes in: %j', (fate, seen, wanted) => {
    const { core, open } = world();
    core.next('open', fate);
    open();
    expect(seen(core)).toMatchObject(wanted ?? {});
    expect([...core.reached.values()]).toEqual([1]);
  });
});
