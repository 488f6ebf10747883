import type { StrategyExplanation } from '../../app/explain-run.ts';
import { figure } from './figure.ts';
import { minute } from './number-format.ts';
import { renderTable } from './table.ts';

type Signal = StrategyExplanation['signals'][number];
type Order = Signal['orders'][number];

/** An order: what it was, what risk looked at, and its way from request to end. */
export function orderLines(order: Order): readonly string[] {
  const { id, role, side, type, quantity, limitPrice, stopPrice, trail, reason } = order;
  const prices = [
    ...(stopPrice === null ? [] : [` stop ${stopPrice}`]),
    ...(limitPrice === null ? [] : [` limit ${limitPrice}`]),
    ...(trail === null ? [] : [` trail ${trail}`]),
  ].join('');
  return [
    `    order     ${id} ${role} ${side} ${type} ${quantity}${prices}: ${reason}`,
    ...checkLines(order),
    ...order.path.map((step) => `      ${pathLine(step)}`),
  ];
}

function checkLines({ checks }: Order): readonly string[] {
  if (checks.length === 0) return ['      no risk checks on record'];
  const rows = checks.map(({ layer, check, limit, actual, passed }) => [
    layer,
    check,
    'limit',
    limit === null ? 'off' : figure(limit),
    'actual',
    figure(actual),
    passed ? 'pass' : 'FAIL',
  ]);
  const align = ['left', 'left', 'left', 'right', 'left', 'right', 'left'] as const;
  return renderTable({ align, rows, indent: 6 }).trimEnd().split('\n');
}

function pathLine({ time, state, reason, fill }: Order['path'][number]): string {
  const why = reason === null ? '' : `: ${reason}`;
  const line = `${minute(time)}  ${state.replace('_', ' ')}${why}`;
  if (fill === null) return line;
  const { quantity, price, rawPrice, fee, liquidity } = fill;
  return (
    `${line}  ${quantity} at ${price} (${rawPrice} before slippage, fee ${fee}, ${liquidity}), ` +
    `of ${minute(fill.time)}`
  );
}

export function positionLine(position: NonNullable<Signal['position']>): string {
  const { id, side, entered, entryPrice, exitPrice, exitTime, exitReason, netPnl } = position;
  const opened = `    position  ${id} ${side} ${entered} at ${figure(entryPrice)}`;
  if (position.state === 'open') return `${opened}: open to the end of the run`;
  const closed = exitTime === null ? '' : ` on ${minute(exitTime)}`;
  return (
    `${opened}: closed${closed} at ${figure(exitPrice)} (${exitReason ?? 'no reason given'}), ` +
    `net ${figure(netPnl)}`
  );
}
