interface OracleBar {
  readonly close: number;
  readonly volume: number;
}

/** A condition as the strategy's description has it: name, value, comparison, threshold. */
type Figure = readonly [name: string, value: number, comparison: '<' | '>', threshold: number];

/**
 * The rules of mean reversion with its default parameters, worked out from the definition on raw
 * bars: sums over slices, no streams, nothing of the engine. `bars` end with the bar in question.
 */
export function meanReversionFigures(bars: readonly OracleBar[]) {
  const closes = bars.map(({ close }) => close);
  const volumes = bars.map(({ volume }) => volume);
  const close = closes.at(-1) ?? Number.NaN;
  const volume = volumes.at(-1) ?? Number.NaN;
  const window = closes.slice(-20);
  const mean = average(window);
  const sigma = Math.sqrt(average(window.map((each) => (each - mean) ** 2)));
  const rsi = wilderRsi(closes, 14);
  const busy: Figure = ['volume_above_mean', volume, '>', 1.2 * average(volumes.slice(-20))];
  const z = (close - mean) / sigma;
  return {
    long_entry: [
      ['close_below_lower_band', close, '<', mean - 2 * sigma],
      ['z_score_low', z, '<', -2],
      ['rsi_oversold', rsi, '<', 40],
      busy,
    ] as readonly Figure[],
    short_entry: [
      ['close_above_upper_band', close, '>', mean + 2 * sigma],
      ['z_score_high', z, '>', 2],
      ['rsi_overbought', rsi, '>', 60],
      busy,
    ] as readonly Figure[],
  };
}

/** Name of the first condition that does not hold; null where all do. */
export function firstFailingOf(figures: readonly Figure[]): string | null {
  const failing = figures.find(([, value, comparison, threshold]) =>
    comparison === '<' ? !(value < threshold) : !(value > threshold),
  );
  return failing?.[0] ?? null;
}

/** Wilder: the first averages are plain means, later ones move by one part in the period. */
function wilderRsi(closes: readonly number[], period: number): number {
  const moves = closes.slice(1).map((close, at) => close - (closes[at] ?? Number.NaN));
  const ups = smoothed(
    moves.map((move) => Math.max(move, 0)),
    period,
  );
  const downs = smoothed(
    moves.map((move) => Math.max(-move, 0)),
    period,
  );
  return (100 * ups) / (ups + downs);
}

function smoothed(values: readonly number[], period: number): number {
  return values
    .slice(period)
    .reduce(
      (mean, value) => (mean * (period - 1) + value) / period,
      average(values.slice(0, period)),
    );
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
