import { configSchema, type Config } from '../config/config-schema.ts';
import { disabledLimits } from '../config/disabled-limits.ts';

/** Stands first in every report of a run without limits. */
export const LIMITS_OFF = 'RISK LIMITS ARE OFF: research only, no account may trade like this';

const FINAL_WORDS = {
  open: "the last bar's open",
  previous_close: 'the close before the last bar',
} as const;

/** Settings under which a result must not be compared with others without saying so. */
export function resultLabels(config: Config): readonly string[] {
  const { fillAt, maxVolumeShare, enforceTicks, closeAtEnd, closeAtEndPrice } = config.execution;
  return [
    ...limitLabels(config.riskLimits),
    ...(fillAt === 'close' ? ['fills at the close a decision was made on: not possible live'] : []),
    ...(closeAtEnd && closeAtEndPrice !== 'close'
      ? [
          `positions left at the end are closed at ${FINAL_WORDS[closeAtEndPrice]}: not possible live`,
        ]
      : []),
    ...(maxVolumeShare === null ? ['fills ignore volume'] : []),
    ...(enforceTicks ? [] : ['tick size, lot step and minimum notional are not enforced']),
  ];
}

function limitLabels(limits: Config['riskLimits']): readonly string[] {
  if (!limits.enabled) return [LIMITS_OFF];
  const usual = disabledLimits(configSchema.parse({}).riskLimits);
  const off = disabledLimits(limits).filter((limit) => !usual.includes(limit));
  return off.length > 0 ? [`switched off: ${off.join(', ')}`] : [];
}
