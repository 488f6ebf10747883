import { describe, expect, it } from 'vitest';
import { effectiveLimits } from '../../../src/app/effective-limits.ts';
import { configSchema } from '../../../src/config/config-schema.ts';

const KEPT = ['lookbackBars', 'dailyLossReset', 'onBreach'];

/** Every limit by its path. */
function leaves(value: object, path = ''): readonly (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null
      ? leaves(inner, `${path}${key}.`)
      : [[`${path}${key}`, inner] as const],
  );
}

describe('effectiveLimits', () => {
  it('are those configured while they are on', () => {
    const configured = configSchema.parse({}).riskLimits;
    expect(effectiveLimits(configured)).toBe(configured);
  });

  it('are none, whatever the schema comes to hold, where they are off together', () => {
    const configured = configSchema.parse({
      risk_limits: { enabled: false, system: { max_order_notional: 5 } },
    }).riskLimits;
    const off = leaves(effectiveLimits(configured));
    const limits = leaves(configured).filter(
      ([path]) => path !== 'enabled' && !KEPT.some((each) => path.endsWith(each)),
    );
    expect(limits.length).toBeGreaterThan(10);
    for (const [path] of limits) expect(off).toContainEqual([path, null]);
    expect(off.filter(([, value]) => value !== null).map(([path]) => path)).toEqual([
      'portfolio.correlation.lookbackBars',
      'system.dailyLossReset',
      'system.onBreach',
    ]);
  });
});
