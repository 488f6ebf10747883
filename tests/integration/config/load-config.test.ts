import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { disabledLimits } from '../../../src/config/disabled-limits.ts';
import { loadConfig, type ConfigSources } from '../../../src/config/load-config.ts';
import { problemOf, temporaryDirectories } from './config-directory.ts';

const makeDirectory = temporaryDirectories();
const NOWHERE = join('no', 'such', 'directory');

function load(sources: Partial<ConfigSources> = {}) {
  return loadConfig({
    directory: NOWHERE,
    overlays: [],
    environment: {},
    settings: [],
    ...sources,
  });
}

/** Paths of the objects and lists inside a value that are not frozen. */
function unfrozen(value: unknown, path = 'config'): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, each]) => unfrozen(each, `${path}.${key}`));
  return Object.isFrozen(value) ? inner : [path, ...inner];
}

const capital = (value: number) => `portfolio:\n  initial_capital: ${value}\n`;

describe('the configuration', () => {
  it('has defaults for everything when there is no directory', () => {
    const { config } = load();
    expect(config.portfolio.initialCapital).toBe(100_000);
    expect(config.data.symbols).toEqual(['BTC/USD', 'ETH/USD']);
    expect(config.execution).toEqual({
      fillAt: 'next_open',
      maxVolumeShare: 0.025,
      entryBars: 3,
      shortOfFunds: 'reduce',
      limitFill: 'through',
      trailingReference: 'extreme',
      entryBarExits: 'cautious',
      closeAtEnd: true,
      closeAtEndPrice: 'close',
      enforceTicks: true,
      instruments: [],
    });
    expect(config.riskLimits.system).toEqual({
      maxDailyLoss: 0.05,
      maxDrawdown: 0.2,
      dailyLossReset: 'next_day',
      onBreach: 'halt',
      maxOrdersPerMinute: 60,
      maxOrdersPerDay: 1000,
      maxOrderNotional: null,
      maxDailyNotional: null,
    });
    expect(config.transactionCosts.commission.crypto).toEqual({ maker: null, taker: null });
    expect(config.positionSizing).toEqual({ method: 'risk_based', riskPerTrade: 0.01 });
  });

  it('has defaults for one file that is missing', () => {
    const directory = makeDirectory({ 'config.yaml': capital(5000) });
    const { config } = load({ directory });
    expect(config.portfolio.initialCapital).toBe(5000);
    expect(config.riskLimits.position.maxFraction).toBe(0.1);
  });

  it('shipped in config/ says what the defaults say', () => {
    expect(load({ directory: 'config' }).canonicalJson).toBe(load().canonicalJson);
  });

  it('takes defaults, files, overlays, environment and settings, the later ones first', () => {
    const directory = makeDirectory({
      'config.yaml': capital(2),
      'first.yaml': capital(3),
      'second.yaml': capital(4),
    });
    const overlays = ['first.yaml', 'second.yaml'].map((name) => join(directory, name));
    const environment = { QUANTSAGE_PORTFOLIO__INITIAL_CAPITAL: '5' };
    const settings = ['portfolio.initial_capital=6', 'portfolio.initial_capital=7'];
    const stages = [
      {},
      { directory },
      { directory, overlays: overlays.slice(0, 1) },
      { directory, overlays },
      { directory, overlays, environment },
      { directory, overlays, environment, settings },
    ];
    expect(stages.map((stage) => load(stage).config.portfolio.initialCapital)).toEqual([
      100_000, 2, 3, 4, 5, 7,
    ]);
  });

  it('keeps what a later layer does not mention', () => {
    const { config } = load({ settings: ['risk_limits.position.max_fraction=0.05'] });
    expect(config.riskLimits.position).toEqual({
      maxFraction: 0.05,
      stopLoss: { crypto: 0.02, stock: 0.03 },
      takeProfitRatio: 2,
    });
  });

  it('replaces lists as a whole', () => {
    const { config } = load({ settings: ['data.symbols=[SOL/USD]'] });
    expect(config.data.symbols).toEqual(['SOL/USD']);
  });

  it('reads sections of either file from an overlay', () => {
    const directory = makeDirectory({
      'research.yaml': `${capital(9)}risk_limits:\n  symbol: { max_exposure: 0.5 }\n`,
    });
    const { config } = load({ overlays: [join(directory, 'research.yaml')] });
    expect([config.portfolio.initialCapital, config.riskLimits.symbol.maxExposure]).toEqual([
      9, 0.5,
    ]);
  });

  it('refuses an overlay that does not exist', () => {
    expect(problemOf(() => load({ overlays: ['none.yaml'] }))).toBe(
      '-c none.yaml: a file was expected, was nothing there',
    );
  });

  it('cannot be changed in any part', () => {
    const settings = ['execution.instruments=[{ symbol: BTC/USD }]'];
    expect(unfrozen(load().config)).toEqual([]);
    expect(unfrozen(load({ settings }).config)).toEqual([]);
  });

  it('has a canonical form that tells configurations apart and order not', () => {
    const directory = makeDirectory({
      'config.yaml': 'portfolio: { initial_capital: 100000 }\ndata: { timeframe: 1h }\n',
    });
    expect(load({ directory }).canonicalJson).toBe(load().canonicalJson);
    expect(load({ settings: ['data.timeframe=2h'] }).canonicalJson).not.toBe(load().canonicalJson);
  });
});

describe('a choice between models', () => {
  it('lets a key of the default model be set alone', () => {
    const { config } = load({ settings: ['position_sizing.risk_per_trade=0.02'] });
    expect(config.positionSizing).toEqual({ method: 'risk_based', riskPerTrade: 0.02 });
  });

  it('drops the keys of the model that a later layer replaces', () => {
    const directory = makeDirectory({
      'risk.yaml': 'position_sizing:\n  method: risk_based\n  risk_per_trade: 0.03\n',
    });
    const settings = ['position_sizing.fraction=0.2', 'position_sizing.method=fixed_fraction'];
    expect(load({ directory, settings }).config.positionSizing).toEqual({
      method: 'fixed_fraction',
      fraction: 0.2,
    });
  });

  it('keeps the keys of the model that a later layer names again', () => {
    const directory = makeDirectory({
      'risk.yaml': 'transaction_costs:\n  slippage: { model: fixed_bps, bps: 7 }\n',
    });
    const settings = ['transaction_costs.slippage.model=fixed_bps'];
    expect(load({ directory, settings }).config.transactionCosts.slippage).toEqual({
      model: 'fixed_bps',
      bps: 7,
      appliesTo: 'all',
    });
  });

  it.each([
    ['{ model: volume_based }', { model: 'volume_based', base: 0.001, perThousand: 0.00001 }],
    ['{ model: spread, fraction: 0.002 }', { model: 'spread', fraction: 0.002 }],
    ['{ model: volume_share }', { model: 'volume_share', impact: 0.1 }],
  ])('knows the slippage model %s', (text, expected) => {
    const { config } = load({ settings: [`transaction_costs.slippage=${text}`] });
    expect(config.transactionCosts.slippage).toEqual({ ...expected, appliesTo: 'all' });
  });

  it.each([
    ['{ method: fixed_notional, notional: 500 }', { method: 'fixed_notional', notional: 500 }],
    [
      '{ method: volatility_target }',
      { method: 'volatility_target', riskPerTrade: 0.01, atrPeriod: 14, atrMultiple: 2 },
    ],
    [
      '{ method: kelly_fraction, win_rate: 0.55, payoff_ratio: 1.5 }',
      { method: 'kelly_fraction', winRate: 0.55, payoffRatio: 1.5, fraction: 0.5, cap: 0.25 },
    ],
  ])('knows the sizing method %s', (text, expected) => {
    expect(load({ settings: [`position_sizing=${text}`] }).config.positionSizing).toEqual(expected);
  });
});

describe('an override', () => {
  it.each([
    [
      { settings: ['portfolio.initial_capital=5%'] },
      '--set portfolio.initial_capital=5%: portfolio.initial_capital: ' +
        'a number above 0 and at most 1000000000000 was expected, was "5%" (write 0.05)',
    ],
    [
      { settings: ['portfolio.initial_captal=5'] },
      '--set portfolio.initial_captal=5: unknown key "initial_captal"; ' +
        'did you mean "initial_capital"?',
    ],
    [
      { settings: ['portfolio=5'] },
      '--set portfolio=5: portfolio: a mapping of keys to values was expected, was 5',
    ],
    [
      { environment: { QUANTSAGE_PORTFOLIO__INITIAL_CAPITAL: '010' } },
      'environment variable QUANTSAGE_PORTFOLIO__INITIAL_CAPITAL: ' +
        'a plain decimal number was expected, was 010 (write 10, or "010" for text)',
    ],
    [
      { environment: { QUANTSAGE_PORTFOLIO_INITIAL_CAPITAL: '5' } },
      'environment variable QUANTSAGE_PORTFOLIO_INITIAL_CAPITAL: ' +
        'unknown key "portfolio_initial_capital"; known keys: system, database, data, portfolio, ' +
        'execution, live, monitoring, risk_limits, transaction_costs, position_sizing',
    ],
  ])('is blamed by its own name: %j', (sources, expected) => {
    expect(problemOf(() => load(sources))).toBe(expected);
  });

  it('of a strategy is left to the strategy', () => {
    const sources = {
      settings: ['params.rsi_period=3', 'strategies.a.params.rsi_period=3'],
      environment: { QUANTSAGE_STRATEGIES__A__PARAMS__RSI_PERIOD: '3', HOME: '/root' },
    };
    expect(load(sources).canonicalJson).toBe(load().canonicalJson);
  });

  it('may correct an instrument', () => {
    const settings = ['execution.instruments=[{ symbol: BTC/USD, tick_size: 0.5 }]'];
    expect(load({ settings }).config.execution.instruments).toEqual([
      { symbol: 'BTC/USD', tickSize: 0.5, lotStep: null, minNotional: null },
    ]);
  });

  it('names no instrument twice', () => {
    const settings = ['execution.instruments=[{ symbol: BTC/USD }, { symbol: BTC/USD }]'];
    expect(problemOf(() => load({ settings }))).toMatch(
      /: execution\.instruments\.1\.symbol: each symbol once was expected, was "BTC\/USD"$/,
    );
  });

  it('may give an exchange its own fees, which the take-profit must then earn', () => {
    const venues =
      'transaction_costs.commission.venues=' +
      '{ coinbase: { maker: 0, taker: 0.03 }, alpaca: { maker: 0, taker: 0.03 } }';
    // 2 × 3 % fees against 2 × 2 % of take-profit for crypto and 2 × 3 % for stocks.
    const problems = problemOf(() => load({ settings: [venues] })).split('\n');
    expect(problems.map((line) => /stop_loss\.(\w+): .* was (.*);.*;?/.exec(line)?.[1])).toEqual([
      'crypto',
      'stock',
    ]);
    const elsewhere = ['data.exchange=kraken', 'data.stock_exchange=iex'];
    expect(() => load({ settings: [venues, ...elsewhere] })).not.toThrow();
    const off = 'risk_limits.position.take_profit_ratio=null';
    expect(() => load({ settings: [venues, off] })).not.toThrow();
    const without = 'risk_limits.enabled=false';
    expect(() => load({ settings: [venues, without] })).not.toThrow();
  });
});

describe('risk limits', () => {
  it('that are off are listed by their paths in YAML', () => {
    expect(disabledLimits(load().config.riskLimits)).toEqual([
      'risk_limits.system.max_order_notional',
      'risk_limits.system.max_daily_notional',
    ]);
    const { config } = load({
      settings: [
        'risk_limits.position.max_fraction=null',
        'risk_limits.position.stop_loss.crypto=null',
      ],
    });
    expect(disabledLimits(config.riskLimits)).toEqual([
      'risk_limits.position.max_fraction',
      'risk_limits.position.stop_loss.crypto',
      'risk_limits.system.max_order_notional',
      'risk_limits.system.max_daily_notional',
    ]);
  });

  it.each([
    'position.max_fraction',
    'position.stop_loss.crypto',
    'position.stop_loss.stock',
    'position.take_profit_ratio',
    'symbol.max_exposure',
    'portfolio.max_invested',
    'portfolio.correlation.threshold',
    'portfolio.correlation.max_group_exposure',
    'system.max_daily_loss',
    'system.max_drawdown',
    'system.max_orders_per_minute',
    'system.max_orders_per_day',
    'system.max_order_notional',
    'system.max_daily_notional',
  ])('can be switched off: %s', (path) => {
    const { config } = load({ settings: [`risk_limits.${path}=null`] });
    expect(disabledLimits(config.riskLimits)).toContain(`risk_limits.${path}`);
  });

  it('let a group hold nothing', () => {
    const settings = ['risk_limits.portfolio.correlation.max_group_exposure=0'];
    expect(load({ settings }).config.riskLimits.portfolio.correlation.maxGroupExposure).toBe(0);
  });
});
