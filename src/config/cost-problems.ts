import { ASSET_CLASSES, type AssetClass } from '../core/instrument.ts';
import { knownFees } from '../core/venue-fees.ts';
import type { ConfigNode } from './config-node.ts';
import type { Config } from './config-schema.ts';
import { sentenceAt } from './explain-issues.ts';

/**
 * A default take-profit must earn more than the fees of getting in and out, or every winning trade
 * loses: `stop_loss × take_profit_ratio > 2 × taker`. Without limits there is no such default.
 */
export function costProblems(config: Config, written: ConfigNode): readonly string[] {
  const { enabled, position } = config.riskLimits;
  if (!enabled) return [];
  const { stopLoss, takeProfitRatio: ratio } = position;
  return ASSET_CLASSES.flatMap((assetClass) => {
    const stop = stopLoss[assetClass];
    const fees = 2 * takerRate(config, assetClass);
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

/** At the exchange of that class of assets, before anything was collected from it. */
function takerRate({ data, transactionCosts }: Config, assetClass: AssetClass): number {
  const { commission } = transactionCosts;
  if (commission.model !== 'maker_taker') return 0;
  const exchange = assetClass === 'crypto' ? data.exchange : data.stockExchange;
  const own = Object.hasOwn(commission.venues, exchange) ? commission.venues[exchange] : undefined;
  const taker = own?.taker ?? commission[assetClass].taker;
  return taker ?? knownFees(exchange, assetClass).rates.taker;
}
