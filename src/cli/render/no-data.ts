/** Said instead of an empty table: what to do in a database without any bars. */
export function noDataText(databasePath: string): string {
  return (
    `no data in ${databasePath}; run "quantsage collect", "quantsage data sample" or ` +
    `"quantsage import FILE --symbol BTC/USD --timeframe 1h"\n`
  );
}
