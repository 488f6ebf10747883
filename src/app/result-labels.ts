import { configSchema, type Config } from '../config/config-schema.ts';
import { disabledLimits } from '../config/disabled-limits.ts';

/** Settings under which a result must not be compared with others without saying so. */
export function resultLabels(config: Config): readonly string[] {
  const { fillAt, maxVolumeShare, enforceTicks } = config.execution;
  const usual = disabledLimits(configSchema.parse({}).riskLimits);
  const off = disabledLimits(config.riskLimits).filter((limit) => !usual.includes(limit));
  return [
    ...(fillAt === 'close' ? ['fills at the close a decision was made on: not possible live'] : []),
    ...(maxVolumeShare === null ? ['fills ignore volume'] : []),
    ...(config.transactionCosts.commission.model === 'none' ? ['no commission is charged'] : []),
    ...(enforceTicks ? [] : ['tick size, lot step and minimum notional are not enforced']),
    ...(off.length > 0 ? [`switched off: ${off.join(', ')}`] : []),
  ];
}
