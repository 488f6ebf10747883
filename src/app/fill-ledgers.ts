import type { EventBus } from '../core/event-bus.ts';
import { formatTime } from '../core/time.ts';
import { commissionModel } from '../execution/commission.ts';
import { FILL_SCENARIOS, type FillScenario } from '../execution/scenarios/fill-scenario.ts';
import { FillWitness } from '../execution/scenarios/fill-witness.ts';
import { RebookedRun } from '../reporting/rebooked-run.ts';
import type { BacktestPlan } from './backtest-plan.ts';
import type { FillsChoice } from './fills-choice.ts';
import { observeLedger, type LedgerObserver } from './run-observer.ts';

/** Books kept beside those of a run: the same orders, filled better or worse. */
export interface FillLedger {
  readonly scenario: FillScenario;
  readonly run: RebookedRun;
  readonly observer: LedgerObserver;
}

export interface FillLedgers {
  readonly all: readonly FillLedger[];
  /** The one a result is about; null where that is the run itself. */
  readonly shown: FillLedger | null;
  /** Where the fills are told that a result is about. */
  readonly fills: Pick<EventBus, 'on'>;
}

/**
 * Books for the scenarios a choice asks for; subscribes to nothing for `base`. To be called when the
 * engine is wired and before anybody else listens to it.
 */
export function fillLedgers(
  bus: EventBus,
  plan: BacktestPlan,
  choice: FillsChoice = 'base',
): FillLedgers {
  const scenarios = scenariosOf(choice);
  if (scenarios.length === 0) return { all: [], shown: null, fills: bus };
  const witness = new FillWitness({
    bus,
    instruments: (symbol, time) => plan.instruments.at(symbol, time),
  });
  const commission = commissionModel(plan.commission, plan.exchange);
  const all = scenarios.map((scenario) => {
    const run = new RebookedRun({
      bus,
      initialCapital: plan.initialCapital.toNumber(),
      rebook: (fill) => FILL_SCENARIOS[scenario](witness.of(fill), commission, plan.sensitivity),
    });
    return { scenario, run, observer: observeLedger(run, plan) };
  });
  const shown = choice === 'all' ? null : (all[0] ?? null);
  return { all, shown, fills: shown?.run ?? bus };
}

function scenariosOf(choice: FillsChoice): readonly FillScenario[] {
  if (choice === 'base') return [];
  return choice === 'all' ? ['optimistic', 'pessimistic'] : [choice];
}

/** What a result must say of whose fills it is about. */
export function scenarioLabels(
  { scenario, run }: FillLedger,
  { sensitivity }: BacktestPlan,
): readonly string[] {
  const { slippageMultiple, stopOvershoot } = sensitivity;
  const terms = {
    optimistic: 'no slippage, the maker rate, the target where a bar reached stop and target',
    pessimistic:
      `${slippageMultiple} times the slippage, the taker rate, stops ${stopOvershoot} of the way ` +
      'to the worst price of their bar',
  };
  return [
    `FILLS: ${scenario}: the orders of the base run with ${terms[scenario]}`,
    ...overdraftLabels({ scenario, run }),
  ];
}

interface OverdrawnLedger {
  readonly scenario: FillScenario;
  readonly run: Pick<RebookedRun, 'overdrawnSince'>;
}

/** The orders were sized for the fills of the run: worse ones may cost more than there is. */
export function overdraftLabels({ scenario, run }: OverdrawnLedger): readonly string[] {
  const since = run.overdrawnSince;
  if (since === null) return [];
  return [
    `FILLS: with ${scenario} fills cash is below zero at ${formatTime(since)}: ` +
      'orders of that size could not have been paid from there on',
  ];
}
