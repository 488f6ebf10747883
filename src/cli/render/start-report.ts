import type { StartReport } from '../../app/trading/start-report.ts';
import { money, percent } from './number-format.ts';
import { section, type Row } from './section.ts';

const HASH_SHOWN = 12;

/** What is about to trade, for people: it stands above the first line of what happens. */
export function renderStart(report: StartReport): string {
  const { mode, run_id, session, resumed, exchange, account, strategies, symbols } = report;
  const where = account === null ? exchange : `${exchange}, account ${account}`;
  const how = resumed ? `goes on, session ${session}` : 'begins';
  return [
    `${run_id} ${how}: ${mode} trading at ${where}\n`,
    section('What', [
      ['Strategies', strategies.join(', ')],
      ['Symbols', symbols.join(', ')],
      ['Timeframe', report.timeframe],
      ['Configuration', report.config_hash.slice(0, HASH_SHOWN)],
    ]),
    section('Account', accountRows(report)),
    section('Limits', limitRows(report)),
    ...(report.notes.length === 0 ? [] : [report.notes.map((note) => `note: ${note}\n`).join('')]),
  ].join('\n');
}

function accountRows(report: StartReport): readonly Row[] {
  const { currency, equity, cash, positions, open_orders: orders, balances } = report;
  return [
    [`Equity (${currency})`, money(equity)],
    ['Cash', money(Number(cash))],
    ['Positions, open orders', `${positions}, ${orders}`],
    ...balances.map(({ currency: what, total, free }): Row => {
      return [`At the exchange: ${what}`, free === total ? total : `${total} (free ${free})`];
    }),
  ];
}

function limitRows({ limits }: StartReport): readonly Row[] {
  const { position, symbol, portfolio, system } = limits;
  const share = (value: number | null) => (value === null ? 'OFF' : percent(value));
  const amount = (value: number | null) => (value === null ? 'none' : money(value));
  const entries = (value: number | null) =>
    value === null ? 'OFF' : `${value} ${value === 1 ? 'entry' : 'entries'}`;
  return [
    ['One position', share(position.maxFraction)],
    ['One symbol', share(symbol.maxExposure)],
    ['All positions', share(portfolio.maxInvested)],
    ['Loss of one day', share(system.maxDailyLoss)],
    ['Drawdown', share(system.maxDrawdown)],
    ['Within sixty seconds', entries(system.maxOrdersPerMinute)],
    ['Within one day', entries(system.maxOrdersPerDay)],
    ['One entry', amount(system.maxOrderNotional)],
    ['Entries of one day', amount(system.maxDailyNotional)],
  ];
}
