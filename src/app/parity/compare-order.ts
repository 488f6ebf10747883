import { Decimal } from '../../core/decimal.ts';
import { durationText } from '../../core/duration.ts';
import type { Fill } from '../../core/fill.ts';
import type { Instrument } from '../../core/instrument.ts';
import type { OrderRequest } from '../../core/order.ts';
import { formatTime } from '../../core/time.ts';
import type { CommissionModel } from '../../execution/commission/commission-model.ts';
import type { OrderFate } from './order-fates.ts';
import type { ParityCause, ParityDifference } from './parity-difference.ts';

/** How fees of an account are reckoned. */
export interface FeeTerms {
  readonly commission: CommissionModel;
  readonly instrumentOf: (fill: Fill) => Instrument;
}

interface Compared {
  readonly fate: OrderFate;
  /** Of the run, not compared before, and made before the bar of the backtest's was over. */
  readonly inTime: readonly Fill[];
  /** Those after them. */
  readonly later: readonly Fill[];
  /** Of the backtest; at least one. */
  readonly backtest: readonly Fill[];
  readonly fees: FeeTerms;
}

/** Where the fills of an order differ from those that a backtest gives it; empty where nowhere. */
export function compareOrder(compared: Compared): readonly ParityDifference[] {
  const { inTime, later, backtest } = compared;
  const filled = quantityOf(inTime);
  if (filled.equals(quantityOf(backtest))) return comparePrices(compared);
  if (inTime.length + later.length === 0) return [unfilled(compared)];
  const whole = [...inTime, ...later];
  const cost = quantityOf(whole).equals(quantityOf(backtest))
    ? costOf(whole, backtest).plus(feesOf(whole).minus(feesOf(backtest)))
    : null;
  return [told(compared, 'latency', { fills: whole, cost })];
}

/** A difference in the price brings one in the fee, which is the price's as well. */
function comparePrices(compared: Compared): readonly ParityDifference[] {
  const { inTime, backtest } = compared;
  const due = feesDue(compared);
  const price = costOf(inTime, backtest);
  const fee = feesOf(inTime).minus(due);
  const differences: ParityDifference[] = [];
  if (!price.isZero) {
    const cost = price.plus(due.minus(feesOf(backtest)));
    differences.push(told(compared, 'price', { fills: inTime, cost }));
  }
  if (!fee.isZero) {
    const differing = told(compared, 'fee', { fills: inTime, cost: fee });
    const backtestText = `fee ${due.toString()}`;
    differences.push({ ...differing, backtest: backtestText, run: feeText(inTime) });
  }
  return differences;
}

/** What the backtest would have taken for the run's own fills. */
function feesDue({ inTime, backtest, fees }: Compared): Decimal {
  // The same price at once makes the same fee, whatever the model.
  if (costOf(inTime, backtest).isZero && inTime.length === backtest.length) return feesOf(backtest);
  return sum(
    inTime.map((fill, at) =>
      fees.commission({
        instrument: fees.instrumentOf(fill),
        liquidity: (backtest[at] ?? backtest[0] ?? fill).liquidity,
        quantity: fill.quantity,
        price: fill.price,
        isFirstFill: at === 0,
      }),
    ),
  );
}

function unfilled(compared: Compared): ParityDifference {
  const { fate } = compared;
  const run = endText(fate);
  const isRefused = isRefusal(fate);
  const differing = told(compared, isRefused ? 'refusal' : 'latency', { fills: [], cost: null });
  return { ...differing, run };
}

/** Whether somebody else than strategy and market kept an order from filling. */
export function isRefusal({ end, cancelledByHand }: OrderFate): boolean {
  if (cancelledByHand !== null || end?.state === 'rejected') return true;
  return end?.state === 'unknown';
}

export function endText({ end, cancelledByHand }: OrderFate): string {
  if (cancelledByHand !== null) return `taken back: ${cancelledByHand}`;
  return end === null ? 'not filled by the end of the record' : `${end.state}: ${end.reason}`;
}

interface Telling {
  readonly fills: readonly Fill[];
  readonly cost: Decimal | null;
}

function told(
  { fate, backtest }: Pick<Compared, 'fate' | 'backtest'>,
  cause: ParityCause,
  { fills, cost }: Telling,
): ParityDifference {
  const { id: order, strategy, symbol } = fate.order;
  return {
    time: fills[0]?.time ?? backtest[0]?.time ?? 0,
    symbol,
    strategy,
    cause,
    entryBar: fate.entryBar,
    order,
    backtest: fillsText(backtest, fate.order),
    run: cause === 'latency' ? lateText(fills, backtest, fate.order) : fillsText(fills, fate.order),
    cost,
  };
}

function lateText(fills: readonly Fill[], backtest: readonly Fill[], order: OrderRequest): string {
  const [first] = fills;
  const due = backtest[0]?.time ?? null;
  const text = fillsText(fills, order);
  if (first === undefined || due === null || first.time <= due) return text;
  return `${text}, ${durationText(first.time - due)} later`;
}

/** `buys 0.5 at 100.2 (2024-01-01T05:00:00Z)`; several fills at their mean price. */
export function fillsText(fills: readonly Fill[], { side }: Pick<OrderRequest, 'side'>): string {
  const [first] = fills;
  if (first === undefined) return 'no fill';
  const quantity = quantityOf(fills);
  const price = fills.every((fill) => fill.price.equals(first.price))
    ? first.price.toString()
    : `${valueOf(fills).dividedBy(quantity).toString()} on average`;
  return `${side} ${quantity.toString()} at ${price} (${formatTime(first.time)})`;
}

function feeText(fills: readonly Fill[]): string {
  return `fee ${feesOf(fills).toString()}`;
}

/** What the run paid more, or got less, for the same quantity; fees apart. */
function costOf(run: readonly Fill[], backtest: readonly Fill[]): Decimal {
  const more = valueOf(run).minus(valueOf(backtest));
  return run[0]?.side === 'buy' ? more : more.negated();
}

function valueOf(fills: readonly Fill[]): Decimal {
  return sum(fills.map(({ quantity, price }) => quantity.times(price)));
}

export function quantityOf(fills: readonly Fill[]): Decimal {
  return sum(fills.map(({ quantity }) => quantity));
}

function feesOf(fills: readonly Fill[]): Decimal {
  return sum(fills.map(({ fee }) => fee));
}

function sum(amounts: readonly Decimal[]): Decimal {
  return amounts.reduce((total, each) => total.plus(each), Decimal.zero);
}
