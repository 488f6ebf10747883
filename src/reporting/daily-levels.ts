/** Equity at the end of UTC days on which it was marked: parallel columns, days ascending. */
export interface DailyCloses {
  /** Whole days since 1970-01-01. */
  readonly days: readonly number[];
  readonly equity: readonly number[];
}

/** One level a day; `everyDay` repeats the last level on days without a mark. */
export function dailyLevels(closes: DailyCloses, everyDay: boolean): readonly number[] {
  if (!everyDay) return closes.equity;
  const levels: number[] = [];
  let previousDay: number | null = null;
  closes.equity.forEach((level, index) => {
    const day = closes.days[index] ?? 0;
    const missing = previousDay === null ? 0 : day - previousDay - 1;
    const standing = levels.at(-1) ?? level;
    for (let count = 0; count < missing; count++) levels.push(standing);
    levels.push(level);
    previousDay = day;
  });
  return levels;
}
