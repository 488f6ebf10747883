import { describe, expect, it } from 'vitest';
import { resultLabels } from '../../../src/app/result-labels.ts';
import { loadConfig } from '../../../src/config/load-config.ts';

function labels(...settings: readonly string[]): readonly string[] {
  const directory = 'no-such-directory';
  return resultLabels(loadConfig({ directory, overlays: [], environment: {}, settings }).config);
}

describe('resultLabels', () => {
  it('has nothing to say of the defaults', () => {
    expect(labels()).toEqual([]);
  });

  it.each([
    ['execution.fill_at=close', /not possible live/],
    ['execution.max_volume_share=null', /ignore volume/],
    ['transaction_costs.commission.model=none', /^no commission is charged$/],
    ['execution.enforce_ticks=false', /not enforced/],
    ['risk_limits.symbol.max_exposure=null', /switched off: risk_limits\.symbol\.max_exposure/],
    ['risk_limits.position.stop_loss.crypto=null', /stop_loss\.crypto/],
    ['risk_limits.system.max_drawdown=null', /system\.max_drawdown/],
  ])('marks a result made with %s', (setting, label) => {
    expect(labels(setting).join('\n')).toMatch(label);
  });
});
