import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeConfig } from '../../../src/config/describe-config.ts';
import { loadConfig } from '../../../src/config/load-config.ts';

const NOTHING = { directory: 'no/such/directory', overlays: [], environment: {}, settings: [] };

describe('the description of a configuration', () => {
  it('is YAML in the keys of the files, with the origin behind each value', () => {
    const text = describeConfig(
      loadConfig({
        ...NOTHING,
        environment: { QUANTSAGE_SYSTEM__LOG_LEVEL: 'warn' },
        settings: [
          'transaction_costs.commission.venues={ some_venue: { maker: 0, taker: 0.001 } }',
        ],
      }),
    );
    expect(new Set(text.match(/^.*?(?= {2}# )/gm)?.map(({ length }) => length))).toContain(40);
    const lines = text.replaceAll(/ +# /g, '  # ').split('\n');
    expect(lines).toContain(
      '  log_level: warn  # environment variable QUANTSAGE_SYSTEM__LOG_LEVEL',
    );
    expect(lines).toContain('  initial_capital: 100000  # default');
    expect(lines).toContain('  symbols: [ BTC/USD, ETH/USD ]  # default');
    expect(lines.find((line) => line.startsWith('        taker: 0.001  # --set '))).toBeDefined();
    expect(lines).toContain('      some_venue:');
  });

  it('leads to the same configuration when it is read again', () => {
    const settings = [
      'position_sizing={ method: fixed_notional, notional: 500 }',
      'risk_limits.position.max_fraction=null',
      'execution.instruments=[{ symbol: BTC/USD, lot_step: 0.00000001 }]',
      'database.path="# odd: [path"',
    ];
    const loaded = loadConfig({ ...NOTHING, settings });
    const tree: unknown = parse(describeConfig(loaded));
    const again = Object.entries(tree ?? {}).map(
      ([key, value]) => `${key}=${JSON.stringify(value)}`,
    );
    expect(loadConfig({ ...NOTHING, settings: again }).canonicalJson).toBe(loaded.canonicalJson);
  });
});
