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
    ...warningsOf(status, isRunning),
    section('Account', accountRows(status)),
    positionsOf(status),
    ordersOf(status.orders),
    section('Session', sessionRows(status, reading.now)),
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
  // What was written last is of an engine before this one.
  if (isRunning && (phase === 'stopped' || phase === 'failed')) return 'starting';
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

function warningsOf(status: TradingStatus, isRunning: boolean): readonly string[] {
  const { halt, gates, orders } = status;
  const bare = worthwhile(status).filter((each) => stopOf(each, orders) === null);
  const unwatched = isRunning ? [] : orders.filter(({ at }) => at === 'engine');
  const unknown = orders.filter(({ state }) => state === 'unknown');
  return [
    ...(halt === null
      ? []
      : [`halted since ${minute(halt.since)} (${halt.check}): ${halt.message}`]),
    ...gates.map(({ gate, symbol, reason }) => {
      const whose = symbol === null ? '' : ` ${symbol}`;
      return `no entries${whose} (${gate}): ${reason}`;
    }),
    ...bare.map(({ symbol, quantity }) => `NO STOP-LOSS protects ${quantity} ${symbol}`),
    ...unwatched.map(
      ({ role, id, symbol }) => `NOBODY WATCHES ${role} ${id} of ${symbol} until the engine runs`,
    ),
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

function sessionRows(status: TradingStatus, now: number): readonly Row[] {
  const { started_at, last_bar, orders_sent, fills, refusals, errors, memory_mb, session } = status;
  const isSimulated = status.account === null;
  return [
    ['Started (UTC)', minute(started_at)],
    ['Session of the run', String(session)],
    ['Last bar closed (UTC)', last_bar === null ? 'none yet' : since(last_bar, now)],
    ...(isSimulated ? [] : [['Orders sent', String(orders_sent)] as const]),
    ['Fills', String(fills)],
    ['Refusals by risk', String(refusals)],
    ['Faults of the exchange', String(errors)],
    ['Memory', `${memory_mb.toFixed(0)} MB`],
  ];
}

function positionsOf(status: TradingStatus): string {
  const { positions, orders } = status;
  const dust = positions.filter(({ is_dust }) => is_dust);
  const rest = dust.map(({ symbol, quantity }) => {
    return `  ${quantity} ${symbol} is left, too little to be sold\n`;
  });
  const held = worthwhile(status);
  if (held.length === 0) return `Positions: none\n${rest.join('')}`;
  const head = ['Symbol', 'Strategy', 'Side', 'Quantity', 'Entry', 'Price', 'Unrealised', 'Stop'];
  const align: readonly Alignment[] = head.map((_, index) => (index < 3 ? 'left' : 'right'));
  const rows = held.map((each) => [
    each.symbol,
    each.strategy,
    each.side,
    each.quantity,
    shortened(each.entry_price),
    each.price === null ? 'n/a' : String(each.price),
    money(each.unrealised),
    stopOf(each, orders) ?? 'NONE',
  ]);
  return `Positions\n${renderTable({ head, align, rows, indent: 2 })}${rest.join('')}`;
}

function worthwhile({ positions }: TradingStatus): readonly StatusPosition[] {
  return positions.filter(({ is_dust }) => !is_dust);
}

/** The price that ends a position by itself; null where none does. */
function stopOf(position: StatusPosition, orders: readonly StatusOrder[]): string | null {
  const stop = orders.find(
    ({ strategy, symbol, role }) =>
      role === 'stop-loss' && strategy === position.strategy && symbol === position.symbol,
  );
  if (stop === undefined) return null;
  const price = stop.stop_price ?? 'market';
  return stop.at === 'engine' ? `${price} (engine)` : price;
}

/** A time, and how long ago that was. */
function since(time: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  const ago = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return `${minute(time)} (${ago} ago)`;
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
