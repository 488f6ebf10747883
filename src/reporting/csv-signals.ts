import { formatTime } from '../core/time.ts';
import { csvLines } from './csv.ts';
import type { CsvColumns } from './csv.ts';
import type { SignalRow } from './signal-log.ts';

const COLUMNS: CsvColumns<SignalRow> = {
  signal: ({ seq }) => seq,
  time: ({ time }) => formatTime(time),
  bar_open_time: ({ signal }) => formatTime(signal.barOpenTime),
  strategy: ({ signal }) => signal.strategy,
  symbol: ({ signal }) => signal.symbol,
  intent: ({ signal }) => signal.intent,
  side: ({ signal }) => (signal.intent === 'enter' ? signal.side : null),
  price: ({ signal }) => signal.price,
  confidence: ({ signal }) => (signal.intent === 'enter' ? signal.confidence : null),
  order: ({ order }) => order,
  ignored: ({ ignored }) => ignored,
  reason: ({ signal }) => signal.reason,
  conditions: ({ signal }) => JSON.stringify(signal.conditions),
};

/** `signals.csv`: one signal a row, its conditions as a JSON cell. */
export function signalsCsv(signals: Iterable<SignalRow>): Iterable<string> {
  return csvLines(COLUMNS, signals);
}
