import { configSchema, type Config } from '../config/config-schema.ts';
import { disabledLimits } from '../config/disabled-limits.ts';

/** Stands first in every report of a run without limits. */
export const LIMITS_OFF = 'RISK LIMITS ARE OFF: research only, no account may trade like this';

const ENTRY_BAR_LABELS = {
  at_open: 'stop-loss and take-profit meet the bar of an entry only where that was at its open',
  never: 'stop-loss and take-profit do not meet the bar of their entry',
} as const;

const FINAL_WORDS = {
  open: "the last bar's open",
  previous_close: 'the close before the last bar',
} as const;

/** Settings under which a result must not be compared with others without saying so. */
export function resultLabels(config: Config): readonly string[] {
  const { fillAt, maxVolumeShare, enforceTicks, closeAtEnd, closeAtEndPrice } = config.execution;
  const { entryBarExits } = config.execution;
  const { initial, maintenance } = config.portfolio.margin;
  return [
    ...limitLabels(config.riskLimits),
    ...(fillAt === 'close' ? ['fills at the close a decision was made on: not possible live'] : []),
    ...(closeAtEnd && closeAtEndPrice !== 'close'
      ? [
          `positions left at the end are closed at ${FINAL_WORDS[closeAtEndPrice]}: not possible live`,
        ]
      : []),
    ...(maxVolumeShare === null ? ['fills ignore volume'] : []),
    ...(entryBarExits === 'cautious' ? [] : [ENTRY_BAR_LABELS[entryBarExits]]),
    ...(config.transactionCosts.commission.model === 'none' ? ['no commission is charged'] : []),
    ...(enforceTicks ? [] : ['tick size, lot step and minimum notional are not enforced']),
    ...(initial < 1 ? [`positions of up to ${leverage(initial)} times equity, on credit`] : []),
    ...(maintenance === null ? ['no margin calls'] : []),
  ];
}

function leverage(initialMargin: number): number {
  return Number((1 / initialMargin).toPrecision(3));
}

function limitLabels(limits: Config['riskLimits']): readonly string[] {
  if (!limits.enabled) return [LIMITS_OFF];
  const usual = disabledLimits(configSchema.parse({}).riskLimits);
  const off = disabledLimits(limits).filter((limit) => !usual.includes(limit));
  return off.length > 0 ? [`switched off: ${off.join(', ')}`] : [];
}
