import { afterEach } from 'vitest';
import { SYSTEM_TIMER } from '../../../../src/adapters/system/system-timer.ts';
import type { AlpacaVenue } from '../../../../src/adapters/alpaca/alpaca-venue.ts';
import { createAlpacaVenue } from '../../../../src/adapters/alpaca/create-alpaca-venue.ts';
import { Decimal } from '../../../../src/core/decimal.ts';
import type { VenueOrder } from '../../../../src/ports/exchange-account.ts';
import type { ExchangeCore } from '../../../support/exchange-sim/exchange-core.ts';
import { makeAlpaca } from '../../../support/exchange-sim/make-alpaca.ts';
import { serveAlpaca, type LoopbackAlpaca } from '../../../support/exchange-sim/serve-alpaca.ts';
import type { WireResponse } from '../../../support/exchange-sim/wire.ts';
import { ManualClock } from '../../../support/manual-time.ts';

type VenueOptions = Parameters<typeof createAlpacaVenue>[0];

export interface World {
  readonly account: AlpacaVenue;
  readonly core: ExchangeCore;
  readonly loopback: LoopbackAlpaca;
  /** Changes what the exchange answers, once it has done what it was asked for. */
  readonly edit: (change: (response: WireResponse) => WireResponse) => void;
  readonly clock: ManualClock;
  readonly credentials: { readonly apiKey: string; readonly secret: string };
  /** Another client of the same account. */
  readonly open: (options?: Partial<VenueOptions>) => AlpacaVenue;
}

export const NEVER = new AbortController().signal;
export const NOON = Date.parse('2026-06-10T16:00:00Z');

/** Makes worlds that end with their test. */
export function worlds(): (options?: Partial<VenueOptions>) => Promise<World> {
  const endings: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of endings.splice(0)) await end();
  });
  return async (options = {}) => {
    const clock = new ManualClock(NOON);
    const { core, frontEnd, credentials } = makeAlpaca({ clock });
    const loopback = await serveAlpaca(core, frontEnd);
    endings.push(() => loopback.stop());
    const open = (others: Partial<VenueOptions> = {}): AlpacaVenue => {
      const account = createAlpacaVenue({
        keyId: credentials.apiKey,
        secret: credentials.secret,
        feed: 'iex',
        assetClasses: ['stock', 'crypto'],
        endpoint: loopback.url,
        timeoutMs: 500,
        clock,
        timer: SYSTEM_TIMER,
        ...options,
        ...others,
      });
      endings.unshift(() => account.close());
      return account;
    };
    const edit: World['edit'] = (change) => {
      const honest = frontEnd.answer.bind(frontEnd);
      frontEnd.answer = (request) => change(honest(request));
    };
    return { account: open(), core, loopback, edit, clock, credentials, open };
  };
}

let ids = 0;

/** A client id that was never used. */
export function newId(): string {
  ids += 1;
  return `qs${ids.toString(26).padStart(16, 'a')}`;
}

export const dec = (text: string) => Decimal.parse(text);

/** A good order, but for what is changed. */
export function order(change: Readonly<Record<string, unknown>> = {}): VenueOrder {
  return {
    clientId: newId(),
    symbol: 'AAPL',
    side: 'buy',
    quantity: dec('2'),
    timeInForce: 'gtc',
    expiresAt: null,
    isReducing: false,
    type: 'limit',
    limitPrice: dec('150'),
    ...change,
  };
}

/** As the wire has it. */
export function bodyOf(request: { readonly body: string } | undefined): Record<string, unknown> {
  if (request === undefined) throw new Error('a request was expected, was none');
  return JSON.parse(request.body) as Record<string, unknown>;
}

export async function problemOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('an error was expected, was none');
}
