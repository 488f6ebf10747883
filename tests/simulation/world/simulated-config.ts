import type { Config } from '../../../src/config/config-schema.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import type { Scenario } from './scenario.ts';

const known = new Map<string, Config>();

/** Fractions of equity that entries keep to, as it is configured. */
export const SIMULATED_LIMITS = { position: 0.3, symbol: 0.4, invested: 0.8 } as const;

/** The configuration of a scenario: the one that comes with the program, with room for more to happen. */
export function simulatedConfig({ maxErrors }: Pick<Scenario, 'maxErrors'>): Config {
  const settings = [
    'live.enabled=true',
    `live.max_errors=${maxErrors}`,
    'data.quote_seconds=1800',
    'portfolio.initial_capital=50000',
    'portfolio.max_entries=2',
    `risk_limits.position.max_fraction=${SIMULATED_LIMITS.position}`,
    `risk_limits.symbol.max_exposure=${SIMULATED_LIMITS.symbol}`,
    `risk_limits.portfolio.max_invested=${SIMULATED_LIMITS.invested}`,
  ];
  const key = settings.join(' ');
  const config =
    known.get(key) ??
    loadConfig({ directory: 'config', overlays: [], environment: {}, settings }).config;
  known.set(key, config);
  return config;
}
