import { ASSET_CLASSES } from '../core/instrument.ts';
import type { ConfigNode } from './config-node.ts';
import type { Config } from './config-schema.ts';
import { sentenceAt } from './explain-issues.ts';

/**
 * A default take-profit must earn more than the fees of getting in and out, or every winning trade
 * loses: `stop_loss × take_profit_ratio > 2 × taker`.
 */
export function costProblems(config: Config, written: ConfigNode): readonly string[] {
  const { stopLoss, takeProfitRatio: ratio } = config.riskLimits.position;
  const { commission } = config.transactionCosts;
  const venue = Object.hasOwn(commission.venues, config.data.exchange)
    ? commission.venues[config.data.exchange]
    : undefined;
  return ASSET_CLASSES.flatMap((assetClass) => {
    const stop = stopLoss[assetClass];
    const fees = 2 * (venue ?? commission[assetClass]).taker;
    if (stop === null || ratio === null || stop * ratio > fees) return [];
    const path = ['risk_limits', 'position', 'stop_loss', assetClass];
    const distance = `${stop} × take_profit_ratio ${ratio} = ${Number((stop * ratio).toPrecision(12))}`;
    return [
      sentenceAt(
        written,
        path,
        `a take-profit farther away than the fees of a round trip (${fees}) was expected, ` +
          `was ${distance}; widen the stop, raise the ratio, or set the ratio to null`,
      ),
    ];
  });
}
