import { describe, expect, it } from 'vitest';
import { GateKeeper } from '../../../../src/data/live/gate-keeper.ts';

function keeper() {
  const told: string[] = [];
  const gates = new GateKeeper(({ gate, symbol, reason }, isChange) => {
    told.push(`${gate} ${symbol ?? 'all'}: ${reason ?? 'open'}${isChange ? '' : ', as found'}`);
  });
  return { gates, told };
}

describe('GateKeeper', () => {
  it('tells how a gate stands at first, for an earlier process may have closed it', () => {
    const { gates, told } = keeper();
    gates.set('clock', null, null);
    gates.set('stale-data', 'BTC/USD', 'old');
    expect(told).toEqual(['clock all: open, as found', 'stale-data BTC/USD: old']);
  });

  it('tells of changes alone, with the first reason', () => {
    const { gates, told } = keeper();
    for (const reason of ['old', 'older', null, null, 'old again'])
      gates.set('clock', null, reason);
    expect(told).toEqual(['clock all: old', 'clock all: open', 'clock all: old again']);
  });

  it('keeps symbols and gates apart', () => {
    const { gates, told } = keeper();
    gates.set('stale-data', 'BTC/USD', 'old');
    gates.set('stale-data', 'ETH/USD', 'old');
    gates.set('clock', null, 'off');
    gates.set('stale-data', 'BTC/USD', null);
    expect(told.slice(-2)).toEqual(['clock all: off', 'stale-data BTC/USD: open']);
  });
});
