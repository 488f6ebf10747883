import { describe, expect, it } from 'vitest';
import type {
  StatusOrder,
  StatusPosition,
  TradingStatus,
} from '../../../../src/app/trading/trading-status.ts';
import { renderStatus } from '../../../../src/cli/render/status-table.ts';

const NOW = Date.UTC(2026, 2, 2, 10, 5);

const POSITION: StatusPosition = {
  strategy: 'dip',
  symbol: 'BTC/USD',
  side: 'long',
  quantity: '0.5',
  entry_price: '60000.123456789012345678',
  price: 60_500,
  unrealised: 249.94,
  is_dust: false,
};

const STOP: StatusOrder = {
  id: 'o2',
  strategy: 'dip',
  symbol: 'BTC/USD',
  side: 'sell',
  role: 'stop-loss',
  type: 'stop',
  quantity: '0.5',
  filled: '0',
  limit_price: null,
  stop_price: '58800',
  at: 'exchange',
  state: 'accepted',
};

const STATUS: TradingStatus = {
  mode: 'live',
  phase: 'running',
  run_id: 'live-1',
  session: 2,
  pid: 42,
  host: 'here',
  started_at: '2026-03-02T09:00:00.000Z',
  written_at: '2026-03-02T10:04:59.000Z',
  version: '0.1.0',
  config_hash: 'abc',
  exchange: 'coinbase',
  account: 'a-1',
  strategies: ['dip'],
  symbols: ['BTC/USD'],
  timeframe: '1h',
  currency: 'USD',
  halt: null,
  gates: [],
  equity: 101_000,
  cash: '70750',
  day_opening_equity: 100_000,
  peak_equity: 102_000,
  positions: [POSITION],
  orders: [STOP],
  last_bar: '2026-03-02T10:00:00.000Z',
  last_seq: 100,
  orders_sent: 2,
  fills: 1,
  refusals: 0,
  errors: 0,
  memory_mb: 120.4,
  failure: null,
};

function shown(change: Partial<TradingStatus> = {}, isRunning = true): string {
  const status = { ...STATUS, ...change };
  return renderStatus({ isRunning, status }, { database: 'run.db', now: NOW });
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

describe('the status of an engine', () => {
  it('says where it never was, and how to start one', () => {
    const seen = { isRunning: false, status: null };
    expect(renderStatus(seen, { database: 'run.db', now: NOW })).toMatch(
      /^no engine ever ran on run.db; start one with "quantsage paper/,
    );
  });

  it.each([
    ['one that runs', {}, true, 'live-1: running (process 42 on here)'],
    [
      'one that is halted',
      { halt: { check: 'operator', since: '2026-03-02T10:00:00.000Z', message: 'halt: a look' } },
      true,
      'live-1: running, HALTED (process 42 on here)',
    ],
    [
      'one that says nothing',
      { written_at: '2026-03-02T10:04:00.000Z' },
      true,
      'live-1: running (process 42 on here, SILENT for 60 s)',
    ],
    ['one that starts after another', { phase: 'stopped' }, true, 'live-1: starting'],
    ['one that starts after a failure', { phase: 'failed' }, true, 'live-1: starting'],
    ['one that stopped', { phase: 'stopped' }, false, 'live-1: stopped at 2026-03-02 10:04'],
    [
      'one that failed',
      { phase: 'failed', failure: 'it broke' },
      false,
      'live-1: FAILED at 2026-03-02 10:04: it broke',
    ],
    [
      'one that died',
      {},
      false,
      'live-1: NOT RUNNING: its process died, last seen at 2026-03-02 10:04; start it again to go on',
    ],
  ] as const)('begins with what matters: %s', (_what, change, isRunning, line) => {
    expect(firstLine(shown(change, isRunning))).toBe(line);
  });

  it('shows each position with the stop that ends it', () => {
    expect(shown()).toMatch(/BTC\/USD +dip +long +0.5 +60000.12345678 +60500 +249.94 +58800\n/);
    const watched = { orders: [{ ...STOP, at: 'engine' }] };
    expect(shown(watched)).toMatch(/249.94 +58800 \(engine\)\n/);
  });

  it('warns of a position that nothing ends', () => {
    expect(shown()).not.toContain('NO STOP-LOSS');
    const bare = shown({ orders: [] });
    expect(bare).toContain('NO STOP-LOSS protects 0.5 BTC/USD\n');
    expect(bare).toMatch(/249.94 +NONE\n/);
    const other = shown({ orders: [{ ...STOP, strategy: 'other' }] });
    expect(other, 'a stop of another strategy').toContain('NO STOP-LOSS');
  });

  it('warns of what nobody watches while the engine does not run', () => {
    const orders = [STOP, { ...STOP, id: 'o3', role: 'take-profit', at: 'engine' }];
    expect(shown({ orders })).not.toContain('NOBODY');
    expect(shown({ orders, phase: 'stopped' }, false)).toContain(
      'NOBODY WATCHES take-profit o3 of BTC/USD until the engine runs\n',
    );
  });

  it('tells what is too little to be sold apart from positions', () => {
    const positions = [{ ...POSITION, quantity: '0.00000001', is_dust: true }];
    expect(shown({ positions, orders: [] })).toContain(
      'Positions: none\n  0.00000001 BTC/USD is left, too little to be sold\n',
    );
    expect(shown({ positions, orders: [] })).not.toContain('NO STOP-LOSS');
  });

  it('says why entries are kept away, and of orders nobody knows', () => {
    const text = shown({
      gates: [
        { gate: 'stale-data', symbol: 'BTC/USD', reason: 'no bar came' },
        { gate: 'connection', symbol: null, reason: 'no answer' },
      ],
      orders: [STOP, { ...STOP, id: 'o9', role: 'entry', state: 'unknown' }],
    });
    expect(text).toContain('no entries BTC/USD (stale-data): no bar came\n');
    expect(text).toContain('no entries (connection): no answer\n');
    expect(text).toContain('1 order sent with unknown outcome: being looked for\n');
  });

  it('says how old the last bar is, and counts orders sent only where any are', () => {
    expect(shown()).toMatch(/Last bar closed \(UTC\) +2026-03-02 10:00 \(5 min ago\)\n/);
    expect(shown()).toMatch(/Orders sent +2\n/);
    expect(shown({ account: null })).not.toContain('Orders sent');
    expect(shown({ last_bar: null })).toMatch(/Last bar closed \(UTC\) +none yet\n/);
  });

  it('shows no figure that is not known', () => {
    const positions = [{ ...POSITION, price: null, unrealised: null }];
    const text = shown({ equity: null, positions });
    expect(text).toMatch(/Equity \(USD\) +n\/a\n/);
    expect(text).toMatch(/60000.12345678 +n\/a +n\/a/);
  });
});
