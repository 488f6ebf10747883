import type { SeenEngine } from '../../app/trading/read-status.ts';
import type {
  StatusOrder,
  StatusPosition,
  TradingStatus,
} from '../../app/trading/trading-status.ts';
import { minute, money, percent, plural } from './number-format.ts';
import { section, type Row } from './section.ts';
import { renderTable, type Alignment } from './table.ts';

interface Reading {
  readonly database: string;
  readonly now: number;
}

/** An engine that writes nothing for so long does not get to it. */
const SILENT_MS = 15_000;

/** What an engine does, for people: the worst news first. */
export function renderStatus({ isRunning, status }: SeenEngine, reading: Reading): string {
  if (status === null) {
    const hint = 'start one with "quantsage paper --strategy mean_reversion_crypto"';
    return isRunning
      ? `an engine on ${reading.database} is starting\n`
      : `no engine ever ran on ${reading.database}; ${hint}\n`;
  }
  return [
    headOf(status, isRunning, reading),
    ...warningsOf(status),
    section('Account', accountRows(status)),
    positionsOf(status.positions),
    ordersOf(status.orders),
    section('Session', sessionRows(status)),
  ].join('\n');
}

function headOf(status: TradingStatus, isRunning: boolean, { now }: Reading): string {
  const { mode, run_id, exchange, account, strategies, symbols, timeframe } = status;
  const where = account === null ? exchange : `${exchange}, account ${account}`;
  const what = `${strategies.join(', ')} on ${symbols.join(', ')} ${timeframe}`;
  return `${run_id}: ${phaseOf(status, isRunning, now)}\n${mode} trading at ${where}: ${what}\n`;
}

function phaseOf(status: TradingStatus, isRunning: boolean, now: number): string {
  const { phase, pid, host, written_at, failure } = status;
  const last = minute(written_at);
  if (isRunning) {
    const silentMs = now - Date.parse(written_at);
    const silence = silentMs > SILENT_MS ? `, SILENT for ${Math.round(silentMs / 1000)} s` : '';
    const state = status.halt === null ? phase : `${phase}, HALTED`;
    return `${state} (process ${pid} on ${host}${silence})`;
  }
  if (phase === 'failed') return `FAILED at ${last}: ${failure ?? 'unknown'}`;
  if (phase === 'stopped') return `stopped at ${last}`;
  return `NOT RUNNING: its process died, last seen at ${last}; start it again to go on`;
}

function warningsOf({ halt, gates, orders }: TradingStatus): readonly string[] {
  const unknown = orders.filter(({ state }) => state === 'unknown');
  return [
    ...(halt === null
      ? []
      : [`halted since ${minute(halt.since)} (${halt.check}): ${halt.message}`]),
    ...gates.map(({ gate, symbol, reason }) => {
      const whose = symbol === null ? '' : ` ${symbol}`;
      return `no entries${whose} (${gate}): ${reason}`;
    }),
    ...(unknown.length === 0
      ? []
      : [`${plural(unknown.length, 'order')} sent with unknown outcome: being looked for`]),
  ].map((line) => `${line}\n`);
}

function accountRows(status: TradingStatus): readonly Row[] {
  const { equity, cash, day_opening_equity: opening, peak_equity: peak, currency } = status;
  const day = equity === null || opening === 0 ? null : equity / opening - 1;
  const below = equity === null || peak === 0 ? null : 1 - equity / peak;
  return [
    [`Equity (${currency})`, money(equity)],
    ['Cash', money(Number(cash))],
    ['Since the day began (UTC)', percent(day)],
    ['Below its peak', percent(below)],
  ];
}

function sessionRows(status: TradingStatus): readonly Row[] {
  const { started_at, last_bar, orders_sent, fills, refusals, errors, memory_mb, session } = status;
  return [
    ['Started (UTC)', minute(started_at)],
    ['Session of the run', String(session)],
    ['Last bar closed (UTC)', last_bar === null ? 'none yet' : minute(last_bar)],
    ['Orders sent', String(orders_sent)],
    ['Fills', String(fills)],
    ['Refusals by risk', String(refusals)],
    ['Faults of the exchange', String(errors)],
    ['Memory', `${memory_mb.toFixed(0)} MB`],
  ];
}

function positionsOf(positions: readonly StatusPosition[]): string {
  if (positions.length === 0) return 'Positions: none\n';
  const head = ['Symbol', 'Strategy', 'Side', 'Quantity', 'Entry', 'Price', 'Unrealised'];
  const align: readonly Alignment[] = head.map((_, index) => (index < 3 ? 'left' : 'right'));
  const rows = positions.map((each) => [
    each.symbol,
    each.strategy,
    each.side,
    each.quantity,
    shortened(each.entry_price),
    each.price === null ? 'n/a' : String(each.price),
    money(each.unrealised),
  ]);
  return `Positions\n${renderTable({ head, align, rows, indent: 2 })}`;
}

function ordersOf(orders: readonly StatusOrder[]): string {
  if (orders.length === 0) return 'Open orders: none\n';
  const head = [
    'Id',
    'Symbol',
    'Side',
    'Role',
    'Type',
    'Quantity',
    'Filled',
    'Price',
    'State',
    'At',
  ];
  const align: readonly Alignment[] = head.map((_, index) =>
    index >= 5 && index <= 7 ? 'right' : 'left',
  );
  const rows = orders.map((each) => [
    each.id,
    each.symbol,
    each.side,
    each.role,
    each.type,
    each.quantity,
    each.filled,
    each.stop_price ?? each.limit_price ?? 'market',
    each.state,
    each.at,
  ]);
  return `Open orders\n${renderTable({ head, align, rows, indent: 2 })}`;
}

/** Averages have up to eighteen decimals; nobody reads them. */
function shortened(decimal: string): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  return fraction.length <= 8 ? decimal : `${whole}.${fraction.slice(0, 8)}`;
}
