import type { TradingSession } from '../../../src/app/trading/trading-session.ts';
import type { Slice } from '../../../src/core/bar.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { isFinal } from '../../../src/core/order.ts';
import { formatTime, type EpochMs } from '../../../src/core/time.ts';
import type { InputRecord } from '../../../src/ports/lasting-run.ts';
import type { VenueOrderRecord } from '../../../src/ports/venue-ledger.ts';
import { ExchangeAuditor } from '../../support/exchange-sim/exchange-auditor.ts';
import { plain } from '../../support/exchange-sim/units.ts';
import { recordFault } from './record-watch.ts';
import { lastMidnightInNewYork } from './new-york.ts';
import { CLOCKS_APART_MS } from './order-watch.ts';
import type { World } from './world.ts';

/** What a process left on record that the next one must begin with. */
interface Remembered {
  readonly cash: string;
  readonly peak: number;
  readonly dayOpening: number;
  readonly isHalted: boolean;
}

const MINUTE = 60_000;
/** Reading a whole record takes longer than making it: of so many seeds, one is read. */
const RECORDS_EVERY = 10;

/** What must hold of money, positions, halts and the account as a whole. */
export class StateWatch {
  readonly #world: World;
  readonly #auditor: ExchangeAuditor;
  #remembered: Remembered | null = null;
  #createsAt: readonly number[] = [];
  readonly #exceeded = new Set<string>();

  constructor(world: World) {
    this.#world = world;
    this.#auditor = new ExchangeAuditor(world.exchange.core);
  }

  /** A process goes on with what is on record. */
  started(session: TradingSession): void {
    const before = this.#remembered;
    if (before === null) return;
    const now = rememberedOf(session);
    for (const key of ['cash', 'peak', 'dayOpening', 'isHalted'] as const) {
      if (before[key] !== now[key]) {
        this.#broken('I24', `${key} was ${before[key]} on record, is ${now[key]} after a restart`);
      }
    }
  }

  /** An order or a cancel is about to leave. */
  leaving(call: 'place' | 'cancel', clientId: string | null): void {
    const { session, isSettling, isEnding, time, watch } = this.#world;
    if (isSettling) this.#broken('I17', `${call} ${clientId} leaves before the account is settled`);
    if (call !== 'place' || clientId === null) return;
    const isEntry = watch.requestOf(clientId)?.role === 'entry';
    if (isEntry && session !== null && session.engine.risk.halted !== null) {
      this.#broken('I23', `entry ${clientId} leaves while trading is halted`);
    }
    if (isEntry && isEnding) this.#broken('F41', `entry ${clientId} leaves during the end`);
    const now = time.now();
    this.#createsAt = [...this.#createsAt.filter((at) => at > now - MINUTE), now];
    if (this.#createsAt.length > 120) this.#broken('I25', 'more than 120 orders leave in a minute');
  }

  /** An input is on record. */
  recorded({ events }: InputRecord): void {
    const { session } = this.#world;
    if (session === null) return;
    this.#remembered = rememberedOf(session);
    const { cash } = session.engine.portfolio;
    if (cash.isNegative && events.length > 0) this.#broken('I06', `cash is ${cash.toString()}`);
    for (const event of events) {
      if (event.type === 'slice.closed') this.#finished(event.payload);
      if (event.type === 'fill.exceeded') this.#exceeded.add(event.payload.symbol);
    }
    for (const { quantity, symbol, side } of session.engine.portfolio.openPositions()) {
      // What a fee took of the goods after they were sold is owed, and trading halts over it.
      const isShort = side === 'short' && !this.#exceeded.has(symbol);
      if (quantity.isNegative || isShort) {
        this.#broken('I06', `${quantity.toString()} of ${symbol} are held, ${side}`);
      }
    }
  }

  /** What is decided on is the whole of each bar, as the exchange has it once it is over. */
  #finished({ bars }: Slice): void {
    for (const { symbol, openTime, closeTime, open, high, low, close, volume } of bars) {
      const market = this.#world.exchange.core.market(symbol);
      const [candle] = market.candles('1h', openTime, closeTime);
      const isEarly = closeTime > this.#world.time.now() + CLOCKS_APART_MS;
      if (isEarly || (candle === undefined && volume > 0)) {
        this.#broken('I26', `a bar of ${symbol} at ${formatTime(openTime)} cannot be yet`);
      }
      if (candle === undefined) continue;
      const there = [candle.open, candle.high, candle.low, candle.close, candle.volume];
      const ours = [open, high, low, close, volume];
      if (there.every((value, index) => Number(plain(value)) === ours[index])) continue;
      const text = `${ours.join(' ')} here, ${there.map(plain).join(' ')} at the exchange`;
      this.#broken('I26', `the bar of ${symbol} at ${formatTime(openTime)} is ${text}`);
    }
  }

  /** Now and then: the exchange's own books. */
  look(): void {
    const [fault] = this.#auditor.faults();
    if (fault !== undefined) this.#broken('I04', fault);
    const { pending } = this.#world.time;
    if (pending > 5_000) this.#broken('I31', `${pending} things are still to happen`);
  }

  /** All has been well for ten minutes: nothing may be unclear any more. */
  settled(): void {
    const { session, history, watch, isSettling } = this.#world;
    if (history.breach !== null) return;
    if (session === null || isSettling || session.failure !== null) {
      return this.#broken('I14', `no process trades: ${session?.failure?.message ?? 'none'}`);
    }
    for (const [id, { state }] of watch.orders) {
      if (state === 'unknown' || state === 'approved' || state === 'created') {
        this.#broken('I14', `order ${id} is still ${state}`);
      }
    }
    this.#sameOrders();
  }

  /** All fees that are told at all are told: books have to agree. */
  balanced(): void {
    const { session, history } = this.#world;
    if (history.breach !== null || session === null) return;
    this.#sameOrders();
    this.#coveredExits();
    this.#samePositions(session);
    this.#sameCash(session);
  }

  /** The last process ended in good order. */
  atEnd(): void {
    this.#sameOrders();
    const { databasePath, runId, exchange, scenario } = this.#world;
    if (runId === null || scenario.seed % RECORDS_EVERY !== 0) return;
    const fault = recordFault({ databasePath, runId, credentials: exchange.credentials });
    if (fault !== null) this.#broken(...fault);
  }

  #sameOrders(): void {
    const { watch } = this.#world;
    const open = new Set(this.#auditor.openOrders().map(({ clientId }) => clientId ?? ''));
    for (const clientId of open) {
      const stage = watch.intent(clientId)?.stage ?? 'on no record';
      if (stage === 'over' || stage === 'on no record') {
        this.#broken('I09', `${clientId} is open at the exchange, and ${stage} here`);
      }
    }
    for (const intent of watch.intents()) this.#sameOrder(intent, open.has(intent.clientId));
    for (const [id, { filled }] of watch.orders) {
      const there = watch.filledAtExchange(id);
      if (filled.equals(there)) continue;
      const text = `${id} filled ${filled.toString()}, at the exchange ${there.toString()}`;
      this.#broken('I16', text);
    }
  }

  #sameOrder({ clientId, stage, orderId }: VenueOrderRecord, isOpen: boolean): void {
    const name = `${clientId} of ${orderId}`;
    if (stage === 'acknowledged' && !isOpen) {
      this.#broken('I09', `${name} is acknowledged, and not open`);
    }
    if (stage === 'unknown') this.#broken('I14', `${name} is still unknown`);
    const state = this.#world.watch.orders.get(orderId)?.state ?? 'rejected';
    if (stage !== 'over' && isFinal(state)) {
      this.#broken('I09', `${name} is ${stage}, and its order over`);
    }
  }

  /** What is offered for sale is held, by the exchange's own trades. */
  #coveredExits(): void {
    const held = this.#auditor.positions(this.#isTold);
    const offered = new Map<string, Decimal>();
    for (const { symbol, side, quantity, filled } of this.#auditor.openOrders()) {
      // What a late fee took of goods that were sold is offered by whatever was bought since.
      if (side !== 'sell' || this.#exceeded.has(symbol)) continue;
      const [base = ''] = symbol.split('/');
      const rest = Decimal.parse(quantity).minus(Decimal.parse(filled));
      offered.set(base, (offered.get(base) ?? Decimal.zero).plus(rest));
    }
    for (const [base, amount] of offered) {
      const there = held[base] ?? '0';
      if (amount.greaterThan(Decimal.parse(there))) {
        this.#broken('I15', `${amount.toString()} ${base} are offered, ${there} are held`);
      }
    }
  }

  /** Own trades alone: what others did to the account is a difference, and none of ours. */
  #samePositions({ engine }: TradingSession): void {
    const theirs = this.#auditor.positions(this.#isTold);
    const ours = new Map<string, Decimal>();
    for (const { symbol, quantity, side } of engine.portfolio.openPositions()) {
      const [base = ''] = symbol.split('/');
      const held = side === 'long' ? quantity : quantity.negated();
      ours.set(base, (ours.get(base) ?? Decimal.zero).plus(held));
    }
    for (const base of new Set([...ours.keys(), ...Object.keys(theirs)])) {
      const mine = ours.get(base) ?? Decimal.zero;
      const there = Decimal.parse(theirs[base] ?? '0');
      if (!mine.equals(there)) {
        this.#broken(
          'I02',
          `${mine.toString()} ${base} by our books, ${there.toString()} by theirs`,
        );
      }
    }
  }

  /** Whether anybody but the exchange can know the fee of a trade by now. */
  readonly #isTold = ({ time }: { readonly time: EpochMs }): boolean => {
    const { scenario, time: clock } = this.#world;
    return scenario.venue !== 'alpaca' || time < lastMidnightInNewYork(clock.now());
  };

  #sameCash({ engine }: TradingSession): void {
    const { core } = this.#world.exchange;
    const own = new Set(this.#auditor.orders().map(({ id }) => id));
    let cash = this.#world.capital;
    for (const { orderId, symbol, side, quantity, price, fee, time } of core.trades()) {
      if (!own.has(orderId)) continue;
      const value = Decimal.parse(quantity).times(Decimal.parse(price));
      cash = side === 'buy' ? cash.minus(value) : cash.plus(value);
      if (symbol.endsWith(`/${fee.asset}`) && this.#isTold({ time }))
        cash = cash.minus(Decimal.parse(fee.amount));
    }
    const ours = engine.portfolio.cash;
    if (!ours.equals(cash)) {
      this.#broken('I01', `cash is ${ours.toString()} by our books, ${cash.toString()} by theirs`);
    }
  }

  #broken(invariant: string, message: string): void {
    this.#world.history.broken(invariant, message);
  }
}

function rememberedOf({ engine: { portfolio, risk } }: TradingSession): Remembered {
  return {
    cash: portfolio.cash.toString(),
    peak: portfolio.peakEquity,
    dayOpening: portfolio.dayOpeningEquity,
    isHalted: risk.halted !== null,
  };
}
