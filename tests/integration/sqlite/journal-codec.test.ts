import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  PayloadReader,
  PayloadWriter,
  type StoredEvent,
} from '../../../src/adapters/sqlite/journal-codec.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { InvariantError } from '../../../src/core/errors.ts';
import type { AnyEvent, EventPayloads, EventType } from '../../../src/core/events.ts';
import { orderId, positionId, tradeId } from '../../../src/core/ids.ts';
import { USUAL_TERMS } from '../../../src/core/signal.ts';
import { barAt, sliceEvents, tradedSlices } from './lasting-inputs.ts';
import { roundTrip } from './run-events.ts';

function written(events: readonly AnyEvent[]): readonly StoredEvent[] {
  const writer = new PayloadWriter();
  return events.map((event) => {
    const { seq, ts, type, causedBy } = event;
    return { seq, ts, type, causedBy, payload: writer.textOf(event) };
  });
}

function read(stored: readonly StoredEvent[], from = 1): readonly AnyEvent[] {
  const textOf = (seq: number) => stored.find((each) => each.seq === seq)?.payload ?? null;
  const reader = new PayloadReader(textOf);
  return stored.filter(({ seq }) => seq >= from).map((each) => reader.eventOf(each));
}

function payloadOf<T extends EventType>(type: T): EventPayloads[T] {
  const found = roundTrip(0).find((event) => event.type === type);
  if (found === undefined) throw new Error(`no ${type}`);
  return found.payload as EventPayloads[T];
}

const dec = (text: string) => Decimal.parse(text);
const bar = barAt(0, 'BTC/USD');
const commission = { takenFrom: 'base', currency: 'BTC', amount: dec('0.00000001') } as const;

/** One payload of each type, with whatever is hard to write down. */
const PAYLOADS: { readonly [T in EventType]: EventPayloads[T] } = {
  'bar.arrived': { ...bar, volume: 1e-12, high: 1e21 },
  'bar.watched': bar,
  'slice.closed': { closeTime: bar.closeTime, bars: [bar] },
  'bar.missed': bar,
  'quote.arrived': { symbol: 'BTC/USD', bid: 0.1 + 0.2, ask: 5e-324, time: 1 },
  'bar.closed': bar,
  'signal.raised': payloadOf('signal.raised'),
  'signal.ignored': payloadOf('signal.ignored'),
  'order.requested': payloadOf('order.requested'),
  'order.cancel-requested': { orderId: orderId(1), reason: 'line\nbreak "quoted" \u2028 é' },
  'risk.assessed': {
    orderId: orderId(1),
    assessments: [
      { layer: 'order', check: 'order-sanity', limit: null, actual: NaN, passed: true },
      {
        layer: 'system',
        check: 'daily-loss',
        limit: 1,
        actual: Infinity,
        passed: false,
        message: 'x',
      },
    ],
  },
  'order.approved': payloadOf('order.approved'),
  'order.rejected': payloadOf('order.rejected'),
  'order.updated': { orderId: orderId(1), state: 'unknown', reason: 'no answer' },
  'order.filled': { ...payloadOf('order.filled'), commission, isFeeProvisional: true },
  'fill.exceeded': {
    tradeId: tradeId(1),
    orderId: orderId(1),
    symbol: 'BTC/USD',
    excess: dec('0.1'),
    message: 'more than was ordered',
  },
  'financing.charged': { kind: 'interest', amount: dec('0.3'), days: 1, time: 5 },
  'fee.corrected': {
    tradeId: tradeId(1),
    orderId: orderId(1),
    position: positionId(1),
    fee: dec('-0.000000000000000001'),
    commission,
    booked: Decimal.zero,
    bookedCommission: null,
  },
  'account.checked': {
    at: 5,
    differences: [
      {
        kind: 'balance',
        symbol: null,
        subject: 'USD',
        ours: dec('123456789012345678901234567890.5'),
        theirs: null,
        message: 'differs',
      },
    ],
  },
  'operator.commanded': { act: 'halt', reason: 'lunch', by: 'halt command', at: 5 },
  'gate.changed': { gate: 'stale-data', symbol: 'BTC/USD', reason: null },
  'position.updated': payloadOf('position.updated'),
  'equity.marked': { time: 5, equity: -0, cash: 1, exposure: 0, peak: 1, drawdown: 0 },
  'risk.alerted': {
    kind: 'halted',
    check: 'daily-loss',
    limit: 0.05,
    actual: 0.051,
    onBreach: 'flatten',
    message: 'lost too much',
  },
};

describe('an event in the journal', () => {
  it.each(Object.entries(PAYLOADS))('comes back as it was published: %s', (type, payload) => {
    const event = { seq: 3, ts: 7, type, causedBy: 2, payload } as AnyEvent;
    expect(read(written([event]), 3)).toStrictEqual([event]);
  });

  it('shares the usual terms of a wish, and no others that say the same', () => {
    const wish = { ...payloadOf('signal.raised'), intent: 'exit' } as const;
    const events = [USUAL_TERMS, { ...USUAL_TERMS }].map((terms, at) => {
      const payload = { ...wish, terms };
      return { seq: at + 1, ts: 0, type: 'signal.raised', causedBy: null, payload } as const;
    });
    const back = read(written(events)).map(({ payload }) => 'terms' in payload && payload.terms);
    expect(back).toEqual([USUAL_TERMS, USUAL_TERMS]);
    expect(back.map((terms) => terms === USUAL_TERMS)).toEqual([true, false]);
  });

  it('is refused where its type is none, or its bar is nowhere', () => {
    const stored = { seq: 1, ts: 0, type: 'bar.closed', causedBy: null, payload: '{"$bar":9}' };
    expect(() => read([{ ...stored, type: 'toString' }])).toThrow(InvariantError);
    expect(() => read([stored])).toThrow(/the bar of event 9 must be present/);
    expect(() => read([{ ...stored, payload: '{' }])).toThrow(InvariantError);
  });
});

describe('a bar in the journal', () => {
  const events = sliceEvents(4, 1);

  it('is written once, and referred to from then on', () => {
    expect(written(events).map(({ payload }) => payload)).toEqual([
      expect.stringContaining('"close":105.5'),
      expect.stringContaining('"close":105.5'),
      '{"closeTime":1704085200000,"bars":[{"$bar":1},{"$bar":2}]}',
      '{"$bar":1}',
      '{"$bar":2}',
    ]);
  });

  it('is one object again where it was one', () => {
    const [arrived, , slice, closed] = read(written(events));
    expect(closed?.payload).toBe(arrived?.payload);
    expect(slice?.type === 'slice.closed' && slice.payload.bars[0]).toBe(arrived?.payload);
  });

  it('is found from wherever one begins to read', () => {
    for (const from of [1, 2, 3, 4, 5]) {
      expect(read(written(events), from)).toEqual(events.slice(from - 1));
    }
  });

  it('is written out where it did not arrive in the same input', () => {
    const [closed] = written(events.slice(3));
    expect(closed?.payload).toContain('"close":105.5');
  });

  it('is found after more slices than are remembered', () => {
    const slices = Array.from({ length: 9_000 }, (_, n) => sliceEvents(n, 1 + 5 * n)).flat();
    expect(read(written(slices)).at(-1)).toEqual(slices.at(-1));
  });
});

describe('any number, text or decimal', () => {
  it('comes back exactly, at any depth', () => {
    const leaf = fc.oneof(
      fc.double(),
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      fc.constant(null),
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map((units) => dec(`${units}.5`)),
    );
    const deep = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, leaf, tie('list'), tie('record')),
      list: fc.array(tie('value'), { maxLength: 4 }),
      record: fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('value'), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    })).record;
    fc.assert(
      fc.property(deep, (payload) => {
        const event = { seq: 1, ts: 0, type: 'risk.alerted', causedBy: null, payload };
        expect(read(written([event as unknown as AnyEvent]))).toStrictEqual([event]);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same text for the same events', () => {
    expect(written(tradedSlices(3))).toEqual(written(tradedSlices(3)));
  });
});
