import { describe, expect, it } from 'vitest';
import { LIMITS_OFF, resultLabels } from '../../../src/app/result-labels.ts';
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
    ['execution.close_at_end_price=open', /closed at the last bar's open: not possible live/],
    [
      'execution.close_at_end_price=previous_close',
      /at the close before the last bar: not possible/,
    ],
    ['execution.max_volume_share=null', /ignore volume/],
    ['transaction_costs.commission.model=none', /^no commission is charged$/],
    ['execution.enforce_ticks=false', /not enforced/],
    ['portfolio.margin.initial=0.3', /up to 3\.33 times equity, on credit/],
    ['portfolio.margin.maintenance=null', /no margin calls/],
    ['risk_limits.symbol.max_exposure=null', /switched off: risk_limits\.symbol\.max_exposure/],
    ['risk_limits.position.stop_loss.crypto=null', /stop_loss\.crypto/],
    ['risk_limits.system.max_drawdown=null', /system\.max_drawdown/],
  ])('marks a result made with %s', (setting, label) => {
    expect(labels(setting).join('\n')).toMatch(label);
  });

  it('does not speak of a price that nothing is closed at', () => {
    expect(labels('execution.close_at_end_price=open', 'execution.close_at_end=false')).toEqual([]);
  });

  it('puts one mark, and no list of limits, on a result made without any', () => {
    expect(labels('risk_limits.enabled=false')).toEqual([LIMITS_OFF]);
    const both = ['risk_limits.enabled=false', 'risk_limits.symbol.max_exposure=null'];
    expect(labels(...both)).toEqual([LIMITS_OFF]);
  });
});
