import type { Fill } from '../../core/fill.ts';
import type { CommissionModel } from '../commission/commission-model.ts';
import type { WitnessedFill } from './fill-witness.ts';
import { optimisticFill } from './optimistic-fill.ts';
import { pessimisticFill, type SensitivitySettings } from './pessimistic-fill.ts';

export type FillScenario = 'optimistic' | 'pessimistic';

/** What each scenario makes of a fill: the same quantity at the same time, better or worse. */
export const FILL_SCENARIOS: Readonly<
  Record<
    FillScenario,
    (witnessed: WitnessedFill, commission: CommissionModel, settings: SensitivitySettings) => Fill
  >
> = { optimistic: optimisticFill, pessimistic: pessimisticFill };
