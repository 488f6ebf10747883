import { mean, sampleDeviation } from './moments.ts';

/**
 * System quality number: √n × mean / standard deviation (n − 1) of the trades' profits and losses
 * after fees (Van Tharp, "The Definitive Guide to Position Sizing", 2008; as backtesting.py, over
 * all n trades). Null of fewer than two trades and where all earned the same.
 */
export function systemQualityNumber(netPnls: readonly number[]): number | null {
  const average = mean(netPnls);
  const deviation = sampleDeviation(netPnls);
  if (average === null || deviation === null || deviation === 0) return null;
  return (Math.sqrt(netPnls.length) * average) / deviation;
}
