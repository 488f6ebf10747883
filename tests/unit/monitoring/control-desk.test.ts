import { describe, expect, it } from 'vitest';
import { EventBus } from '../../../src/core/event-bus.ts';
import type { GateChange } from '../../../src/core/operator.ts';
import { ControlDesk } from '../../../src/monitoring/control-desk.ts';

function desk(restored: readonly GateChange[] = []) {
  const bus = new EventBus({ now: () => 0 });
  const told: string[] = [];
  bus.tap((event) => {
    if (event.type !== 'gate.changed') return;
    const { gate, symbol, reason } = event.payload;
    told.push(`${gate} ${symbol ?? 'all'} ${reason ?? 'open'}`);
  });
  return { control: new ControlDesk(bus, restored), told };
}

const closed = { gate: 'stale-data', symbol: 'BTC/USD', reason: 'no data' } as const;

describe('the control desk', () => {
  it('tells what a gate did not say before, and nothing twice', () => {
    const { control, told } = desk();
    control.gate({ ...closed, reason: null });
    control.gate(closed);
    control.gate(closed);
    control.gate({ ...closed, symbol: null });
    control.gate({ ...closed, reason: 'still no data' });
    control.gate({ ...closed, reason: null });
    expect(told).toEqual([
      'stale-data BTC/USD no data',
      'stale-data all no data',
      'stale-data BTC/USD still no data',
      'stale-data BTC/USD open',
    ]);
  });

  it('goes on with the gates an earlier process left closed', () => {
    const before = desk();
    before.control.gate(closed);
    before.control.gate({ ...closed, gate: 'clock', symbol: null });
    before.control.gate({ ...closed, gate: 'clock', symbol: null, reason: null });
    const { control, told } = desk(before.control.snapshot());
    expect(control.snapshot()).toEqual([closed]);
    expect(control.isNews(closed)).toBe(false);
    control.gate(closed);
    control.gate({ ...closed, reason: null });
    expect(told).toEqual(['stale-data BTC/USD open']);
  });
});
