import type { ExplainedBar, RunExplanation, StrategyExplanation } from '../../app/explain-run.ts';
import { minute } from './number-format.ts';
import { orderLines, positionLine } from './order-path.ts';
import { renderTable } from './table.ts';
import { figure } from './figure.ts';

type Rules = NonNullable<StrategyExplanation['rules']>;
type Signal = StrategyExplanation['signals'][number];

/** One bar of a run: what was there, what was decided, why, and what came of it. */
export function renderExplanation(explanation: RunExplanation): string {
  const { runId, mode, timeframe, exchange, bars, notes, halt, strategies } = explanation;
  const [first] = bars;
  const taken = first === undefined ? '' : `, the bar that holds ${minute(explanation.asked)} UTC`;
  return [
    `run ${runId} (${mode}, ${exchange} ${timeframe})${taken}`,
    ...notes.map((note) => `note: ${note}`),
    `data: ${dataSentence(explanation.data)}`,
    ...bars.map(barLine),
    halt === null
      ? 'risk: no halt in force'
      : `risk: HALTED by ${halt.check} since ${minute(halt.since)}: ${halt.message}`,
    ...strategies.map(renderStrategy),
  ]
    .map((part) => `${part.trimEnd()}\n`)
    .join('');
}

function dataSentence({ isSame }: RunExplanation['data']): string {
  if (isSame === null) return 'not compared with those of the run';
  return isSame ? 'as in the run (same fingerprint)' : 'NOT those of the run (other fingerprint)';
}

function barLine({ symbol, openTime, closeTime, flags, ...bar }: ExplainedBar): string {
  const { open, high, low, close, volume } = bar;
  const marked = flags.length === 0 ? '' : `  flagged: ${flags.join(', ')}`;
  return (
    `bar: ${symbol} opens ${minute(openTime)}, closes ${minute(closeTime)}  ` +
    `open ${open}  high ${high}  low ${low}  close ${close}  volume ${figure(volume)}${marked}`
  );
}

function renderStrategy(told: StrategyExplanation): string {
  const { strategy, symbol, verdict, position, openOrders, rules, rulesNote, signals } = told;
  const held =
    position === null
      ? 'nothing held'
      : `held ${position.side} ${position.quantity} at ${figure(position.entryPrice)} since ` +
        `${minute(position.entryTime)} (${position.id}), ${figure(position.unrealisedPnl)} unrealised`;
  return [
    '',
    `${strategy} on ${symbol}`,
    `  ${verdict}`,
    `  position  ${held}`,
    ...openOrders.map(
      (order) =>
        `  open      ${order.id} ${order.role} ${order.side} ${order.type} ` +
        `${order.quantity}${priceOf(order)}, ${order.filled} filled, since ${minute(order.requestedAt)}`,
    ),
    ...ruleLines(rules, rulesNote),
    ...signals.flatMap(signalLines),
  ].join('\n');
}

function priceOf(order: StrategyExplanation['openOrders'][number]): string {
  const { limitPrice, stopPrice } = order;
  const stop = stopPrice === null ? '' : ` stop ${stopPrice}`;
  return `${stop}${limitPrice === null ? '' : ` limit ${limitPrice}`}`;
}

function ruleLines(rules: Rules | null, note: string): readonly string[] {
  if (rules === null || rules.length === 0) return [`  rules     ${note}`];
  const rows = rules.flatMap(({ rule, holds, conditions, firstFailing }) => [
    [rule, '', '', '', holds ? 'HOLDS' : 'does not hold'],
    ...conditions.map(({ name, value, comparison, threshold, ...condition }) => [
      `  ${name}`,
      figure(value),
      comparison,
      figure(threshold),
      verdictOn(condition.holds, name === firstFailing),
    ]),
  ]);
  const table = renderTable({ align: ['left', 'right', 'left', 'right', 'left'], rows, indent: 4 });
  return [`  rules     ${note}`, ...table.trimEnd().split('\n')];
}

function verdictOn(holds: boolean, isFirst: boolean): string {
  if (holds) return 'pass';
  return isFirst ? 'FAIL  <- first' : 'FAIL';
}

function signalLines(signal: Signal): readonly string[] {
  const { intent, side, seq, reason, sentence, conditions, orders, position, price } = signal;
  const what = side === null ? intent : `${intent} ${side}`;
  const recorded = conditions.map(
    ({ name, value, comparison, threshold }) =>
      `    recorded  ${name} ${figure(value)} ${comparison} ${figure(threshold)}`,
  );
  return [
    `  signal    ${what} at ${price} (event ${seq}): ${reason}`,
    ...recorded,
    `    ${sentence}`,
    ...orders.flatMap(orderLines),
    ...(position === null ? [] : [positionLine(position)]),
  ];
}
