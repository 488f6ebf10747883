import { describe, expect, it } from 'vitest';
import type { RiskAlert } from '../../../src/core/risk.ts';
import type { RiskLimits } from '../../../src/risk/risk-limits.ts';
import { SystemGuard, type SystemGuardSnapshot } from '../../../src/risk/system-guard.ts';
import { DAY, HOUR, NO_LIMITS, ScriptedPortfolio, START } from './risk-builders.ts';

/** A guard with 5 % daily loss and 20 % drawdown, its portfolio, and what it said. */
function guarded(limits: Partial<RiskLimits['system']> = {}, restored?: SystemGuardSnapshot) {
  const view = new ScriptedPortfolio();
  const alerts: RiskAlert[] = [];
  const guard = new SystemGuard({
    limits: { ...NO_LIMITS.system, maxDailyLoss: 0.05, maxDrawdown: 0.2, ...limits },
    maintenance: 0.25,
    view,
    alert: (alert) => {
      alerts.push(alert);
      return undefined;
    },
    restored,
  });
  /** Marks equity at an hour after the start; the day opened at `opening`. */
  const mark = (hour: number, equity: number, opening = view.dayOpeningEquity) => {
    view.equity = equity;
    view.dayOpeningEquity = opening;
    view.peakEquity = Math.max(view.peakEquity, equity);
    view.markedAt = START + hour * HOUR;
    guard.watch(view.markedAt);
  };
  const said = () => alerts.map(({ kind, check }) => `${kind} ${check}`);
  return { guard, view, alerts, mark, said };
}

describe('a daily loss', () => {
  it('of exactly the limit halts nothing', () => {
    const { guard, mark } = guarded();
    mark(1, 9_500);
    expect(guard.halt).toBeNull();
  });

  it('above the limit halts, once, with limit and actual', () => {
    const { mark, alerts } = guarded({ onBreach: 'flatten' });
    mark(1, 9_400);
    mark(2, 9_300);
    mark(3, 10_000);
    expect(alerts).toEqual([
      {
        kind: 'halted',
        check: 'daily-loss',
        limit: 0.05,
        actual: 0.06,
        onBreach: 'flatten',
        message:
          "a loss of at most 5 % of the day's opening equity was expected, was 6 % " +
          '(9400 after 10000)',
      },
    ]);
  });

  it('stays halted for the day though equity recovers', () => {
    const { guard, mark } = guarded();
    mark(1, 9_400);
    mark(23, 10_000);
    expect(guard.halt?.check).toBe('daily-loss');
  });

  it('resumes with the first mark of the next UTC day', () => {
    const { guard, mark, said } = guarded();
    mark(1, 9_400);
    mark(25, 9_400, 9_400);
    expect(guard.halt).toBeNull();
    expect(said()).toEqual(['halted daily-loss', 'resumed daily-loss']);
  });

  it('stays halted at midnight, which still belongs to the day that ends', () => {
    const { guard, mark } = guarded();
    mark(1, 9_400);
    mark(24, 9_400, 10_000);
    expect(guard.halt?.check).toBe('daily-loss');
  });

  it('counts what was lost up to midnight as the loss of the day that ends', () => {
    const { guard, mark } = guarded();
    mark(23, 10_000);
    mark(24, 9_400);
    expect(guard.halt?.check).toBe('daily-loss');
    mark(25, 9_400, 9_400);
    expect(guard.halt).toBeNull();
  });

  it('can halt again on the next day', () => {
    const { mark, said } = guarded();
    mark(1, 9_400);
    mark(25, 9_400, 9_400);
    mark(26, 8_900);
    expect(said()).toEqual(['halted daily-loss', 'resumed daily-loss', 'halted daily-loss']);
  });

  it('waits for a resume where the reset is manual', () => {
    const { guard, mark, said } = guarded({ dailyLossReset: 'manual' });
    mark(1, 9_400);
    mark(49, 9_400, 9_400);
    expect(guard.halt?.check).toBe('daily-loss');
    guard.resume('looked at');
    expect(said()).toEqual(['halted daily-loss', 'resumed daily-loss']);
  });

  it('accepted by a resume counts no more on that day, a further one does', () => {
    const { guard, mark } = guarded();
    mark(1, 9_400);
    guard.resume('accepted');
    mark(2, 8_930);
    expect(guard.halt, '9,400 → 8,930 is a loss of exactly 5 %').toBeNull();
    mark(3, 8_929);
    expect(guard.halt?.check).toBe('daily-loss');
  });

  it('accepted by a resume moves no limit of the next day', () => {
    const { guard, mark } = guarded();
    mark(1, 9_400);
    guard.resume('accepted');
    mark(25, 9_400, 9_400);
    mark(26, 8_929);
    expect(guard.halt).not.toBeNull();
    mark(49, 8_929, 8_929);
    mark(49, 8_500);
    expect(guard.halt, '8,929 → 8,500 is a loss of 4.8 %').toBeNull();
  });
});

describe('a drawdown', () => {
  it('of exactly the limit halts nothing', () => {
    const { guard, mark } = guarded({ maxDailyLoss: null });
    mark(1, 12_500);
    mark(2, 10_000);
    expect(guard.halt, '12,500 → 10,000 is a drawdown of exactly 20 %').toBeNull();
  });

  it('above the limit halts until a resume, day after day', () => {
    const { guard, mark, said } = guarded({ maxDailyLoss: null });
    mark(1, 12_500);
    mark(2, 9_999);
    for (let day = 1; day < 10; day++) mark(24 * day + 1, 20_000, 20_000);
    expect(guard.halt?.check).toBe('drawdown');
    guard.resume('accepted');
    expect(said()).toEqual(['halted drawdown', 'resumed drawdown']);
  });

  it('accepted by a resume is counted from the equity of that moment', () => {
    const { guard, mark } = guarded({ maxDailyLoss: null });
    mark(1, 7_900);
    guard.resume('accepted');
    mark(2, 10_000);
    mark(3, 8_000);
    expect(guard.halt, '10,000 → 8,000 is a drawdown of exactly 20 %').toBeNull();
    mark(4, 7_999);
    expect(guard.halt?.check).toBe('drawdown');
  });

  it('accepted earlier is counted from the peak since, one reached under a halt included', () => {
    const { guard, mark } = guarded({ maxDailyLoss: null });
    mark(1, 7_900);
    guard.resume('accepted');
    guard.stop('operator', 'lunch', START);
    mark(2, 9_500);
    guard.resume('back');
    mark(3, 7_599);
    expect(guard.halt, '80 % of 9,500 is 7,600').not.toBeNull();
  });

  it('and the daily loss beside it are accepted by one resume', () => {
    const { guard, mark } = guarded();
    mark(1, 7_900);
    guard.resume('accepted');
    mark(2, 7_900);
    expect(guard.halt).toBeNull();
  });

  it('that has recovered before the resume moves no limit', () => {
    const { guard, mark } = guarded({ maxDailyLoss: null });
    mark(1, 7_900);
    mark(2, 9_000);
    guard.resume('recovered');
    mark(3, 7_999);
    expect(guard.halt, 'counted from the peak of 10,000, not from 9,000').not.toBeNull();
  });

  it('not yet reached is not forgiven with a daily loss', () => {
    const { guard, mark } = guarded();
    mark(1, 9_000);
    guard.resume('accepted');
    mark(25, 9_000, 9_000);
    mark(49, 8_600, 8_600);
    mark(72, 7_999, 7_999);
    expect(guard.halt?.check).toBe('drawdown');
  });

  it('takes over from a daily loss, whose halt would end by itself', () => {
    const { guard, mark, said } = guarded();
    mark(1, 9_000);
    mark(2, 7_900);
    mark(25, 7_900, 7_900);
    expect(guard.halt?.check).toBe('drawdown');
    expect(said()).toEqual(['halted daily-loss', 'halted drawdown']);
  });
});

describe('an order to halt', () => {
  it('halts without touching positions, and stays over midnight', () => {
    const { guard, mark, alerts } = guarded({ onBreach: 'flatten' });
    guard.stop('operator', 'lunch', START);
    mark(49, 10_000);
    expect(guard.halt?.message).toBe('lunch');
    expect(alerts).toMatchObject([{ kind: 'halted', check: 'operator', onBreach: 'halt' }]);
  });

  it('leaves the first reason standing', () => {
    const { guard, mark, said } = guarded();
    guard.stop('operator', 'lunch', START);
    mark(1, 1);
    expect(guard.halt?.check).toBe('operator');
    expect(said()).toEqual(['halted operator']);
  });

  it('ended by a resume moves no limit', () => {
    const { guard, mark } = guarded({ maxDailyLoss: null });
    mark(1, 8_500);
    guard.stop('operator', 'lunch', START);
    guard.resume('back');
    mark(2, 7_999);
    expect(guard.halt, 'counted from the peak of 10,000, not from 8,500').not.toBeNull();
  });

  it('ended by a resume forgives no loss that came meanwhile', () => {
    const { guard, mark, said } = guarded();
    guard.stop('operator', 'lunch', START);
    mark(1, 7_900);
    guard.resume('back');
    mark(2, 7_900);
    expect(said()).toEqual(['halted operator', 'resumed operator', 'halted drawdown']);
  });

  it('says why trading goes on', () => {
    const { guard, alerts } = guarded();
    guard.stop('operator', 'lunch', START);
    guard.resume('back');
    expect(alerts.at(-1)?.message).toBe('trading goes on after operator: back');
  });

  it('is not missed: a resume without a halt says nothing', () => {
    const { guard, alerts } = guarded();
    guard.resume('back');
    expect(alerts).toEqual([]);
  });
});

describe('a margin call', () => {
  const margin = (equity: number, exposure: number, hour = 1) => {
    const time = START + hour * HOUR;
    return { time, equity, cash: equity, exposure, peak: 10_000, drawdown: 0 };
  };

  it.each([
    { fact: 'equity of just the maintenance', equity: 2_500, exposure: 10_000 },
    { fact: 'no exposure, though nothing is left', equity: -5, exposure: 0 },
    { fact: 'equity that covers all', equity: 10_000, exposure: 10_000 },
  ])('does not come with $fact', ({ equity, exposure }) => {
    const { guard } = guarded();
    guard.watchMargin(margin(equity, exposure));
    expect(guard.halt).toBeNull();
  });

  it('closes everything, whatever a breach of a limit does, and comes once', () => {
    const { guard, alerts } = guarded({ onBreach: 'halt' });
    guard.watchMargin(margin(2_000, 10_000));
    guard.watchMargin(margin(1_900, 10_000, 2));
    expect(alerts).toEqual([
      {
        kind: 'halted',
        check: 'margin-call',
        limit: 0.25,
        actual: 0.2,
        onBreach: 'flatten',
        message:
          'equity of at least 0.25 of the exposure was expected, was "0.2" (2000 of 10000): ' +
          'margin call, all positions are closed',
      },
    ]);
  });

  it('comes with equity below zero too', () => {
    const { guard, alerts } = guarded();
    guard.watchMargin(margin(-1_000, 10_000));
    expect(alerts).toMatchObject([{ check: 'margin-call', actual: -0.1 }]);
    expect(guard.halt?.endsWithDay).toBe(false);
  });

  it('takes the place of a halt that leaves positions open', () => {
    const { guard, mark, said } = guarded();
    mark(1, 7_000);
    guard.watchMargin(margin(2_000, 10_000));
    expect(said()).toEqual(['halted drawdown', 'halted margin-call']);
    mark(49, 7_000);
    expect(guard.halt?.check).toBe('margin-call');
  });

  it('lets a resume accept the loss, and comes again while margin is short', () => {
    const { guard, mark, said } = guarded({ maxDailyLoss: null });
    mark(1, 7_000);
    guard.watchMargin(margin(2_000, 10_000));
    guard.resume('paid in');
    mark(2, 7_000);
    expect(guard.halt, 'the drawdown was accepted').toBeNull();
    guard.watchMargin(margin(2_000, 10_000, 2));
    expect(said().slice(2)).toEqual(['resumed margin-call', 'halted margin-call']);
  });
});

describe('equity that is no number', () => {
  it.each(['equity', 'dayOpeningEquity', 'peakEquity'] as const)('in %s throws', (field) => {
    const { guard, view } = guarded();
    view[field] = Number.NaN;
    expect(() => guard.watch(START)).toThrow(/finite equity was expected/);
  });
});

describe('a resume while equity is no number', () => {
  it('accepts nothing: once equity is known, the limit counts from the old peak', () => {
    const { guard, view, mark } = guarded({ maxDailyLoss: null });
    mark(1, 7_900);
    view.equity = Number.NaN;
    guard.resume('blind');
    mark(2, 8_000);
    expect(guard.halt, '10,000 → 8,000 is a drawdown of exactly 20 %').toBeNull();
    mark(3, 7_999);
    expect(guard.halt?.check).toBe('drawdown');
  });
});

describe('a restart', () => {
  it('keeps the halt, without saying it again', () => {
    const before = guarded();
    before.mark(1, 7_000);
    const after = guarded({}, structuredClone(before.guard.snapshot()));
    expect(after.guard.halt).toEqual(before.guard.halt);
    after.mark(25, 10_000, 10_000);
    expect(after.guard.halt?.check).toBe('drawdown');
    expect(after.alerts).toEqual([]);
  });

  it('lets a daily loss end on the next day all the same', () => {
    const before = guarded();
    before.mark(1, 9_400);
    const after = guarded({}, before.guard.snapshot());
    after.mark(26, 9_400, 9_400);
    expect(after.said()).toEqual(['resumed daily-loss']);
  });

  it('keeps the losses that were accepted', () => {
    const before = guarded({ maxDailyLoss: null });
    before.mark(1, 7_900);
    before.guard.resume('accepted');
    const after = guarded({ maxDailyLoss: null }, before.guard.snapshot());
    after.view.peakEquity = 10_000;
    after.mark(2, 7_000);
    expect(after.guard.halt).toBeNull();
  });

  it('writes a snapshot that survives JSON', () => {
    const { guard, mark } = guarded();
    mark(1, 9_400);
    const snapshot = guard.snapshot();
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(snapshot.halt?.since).toBe(START + HOUR);
    expect(snapshot.halt?.since).toBeLessThan(START + DAY);
  });
});
