import { configSchema, type Config } from '../config/config-schema.ts';
import { disabledLimits } from '../config/disabled-limits.ts';

/** Settings under which a result must not be compared with others without saying so. */
export function resultLabels(config: Config): readonly string[] {
  const { fillAt, maxVolumeShare, enforceTicks } = config.execution;
  const { initial, maintenance } = config.portfolio.margin;
  const usual = disabledLimits(configSchema.parse({}).riskLimits);
  const off = disabledLimits(config.riskLimits).filter((limit) => !usual.includes(limit));
  return [
    ...(fillAt === 'close' ? ['fills at the close a decision was made on: not possible live'] : []),
    ...(maxVolumeShare === null ? ['fills ignore volume'] : []),
    ...(enforceTicks ? [] : ['tick size, lot step and minimum notional are not enforced']),
    ...(initial < 1 ? [`positions of up to ${leverage(initial)} times equity, on credit`] : []),
    ...(maintenance === null ? ['no margin calls'] : []),
    ...(off.length > 0 ? [`switched off: ${off.join(', ')}`] : []),
  ];
}

function leverage(initialMargin: number): number {
  return Number((1 / initialMargin).toPrecision(3));
}
