import { configSchema, type Config } from '../config/config-schema.ts';
import { disabledLimits } from '../config/disabled-limits.ts';

const ENTRY_BAR_LABELS = {
  at_open: 'stop-loss and take-profit meet the bar of an entry only where that filled at its open',
  never: 'stop-loss and take-profit do not meet the bar of their entry',
} as const;

/** Settings under which a result must not be compared with others without saying so. */
export function resultLabels(config: Config): readonly string[] {
  const { fillAt, maxVolumeShare, enforceTicks, entryBarExits } = config.execution;
  const usual = disabledLimits(configSchema.parse({}).riskLimits);
  const off = disabledLimits(config.riskLimits).filter((limit) => !usual.includes(limit));
  return [
    ...(fillAt === 'close' ? ['fills at the close a decision was made on: not possible live'] : []),
    ...(maxVolumeShare === null ? ['fills ignore volume'] : []),
    ...(entryBarExits === 'cautious' ? [] : [ENTRY_BAR_LABELS[entryBarExits]]),
    ...(enforceTicks ? [] : ['tick size, lot step and minimum notional are not enforced']),
    ...(off.length > 0 ? [`switched off: ${off.join(', ')}`] : []),
  ];
}
