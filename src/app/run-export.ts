import { openSync, closeSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { EventBus } from '../core/event-bus.ts';
import { equityCsv } from '../reporting/csv-equity.ts';
import { fillsCsv } from '../reporting/csv-fills.ts';
import { ordersCsv } from '../reporting/csv-orders.ts';
import { signalsCsv } from '../reporting/csv-signals.ts';
import { tradesCsv } from '../reporting/csv-trades.ts';
import { OrderLog } from '../reporting/order-log.ts';
import { SignalLog } from '../reporting/signal-log.ts';
import { makeOutputDirectory, namingOutput } from './output-directory.ts';
import type { LedgerObserver } from './run-observer.ts';

interface ExportedFiles {
  readonly trades: string | null;
  readonly equity: string | null;
}

/** Where a run is told, and where the fills it is exported with are. */
interface ExportedRun {
  readonly bus: Pick<EventBus, 'on'>;
  readonly fills: Pick<EventBus, 'on'>;
}

/** Lines gathered before they are written. */
const LINES_PER_WRITE = 1000;

/** The CSV files of a run; keeps what they need while the run goes on. */
export class RunExport {
  readonly #directory: string;
  readonly #orders = new OrderLog();
  readonly #signals = new SignalLog();

  private constructor(directory: string, { bus, fills }: ExportedRun) {
    this.#directory = directory;
    this.#orders.subscribe(fills);
    this.#signals.subscribe(bus);
  }

  /** Makes the directory at once: a path that cannot be written is refused before the run. */
  static to(
    directory: string | null,
    run: ExportedRun,
  ): { write(observer: LedgerObserver): ExportedFiles } {
    if (directory === null) return { write: () => ({ trades: null, equity: null }) };
    makeOutputDirectory('--export', directory);
    return new RunExport(directory, run);
  }

  write(observer: LedgerObserver): ExportedFiles {
    return namingOutput('--export', this.#directory, () => this.#files(observer));
  }

  #files({ curve, roundTrips }: LedgerObserver): ExportedFiles {
    this.#file('orders.csv', ordersCsv(this.#orders.orders()));
    this.#file('fills.csv', fillsCsv(this.#orders.fills));
    this.#file('signals.csv', signalsCsv(this.#signals.rows()));
    return {
      trades: this.#file('trades.csv', tradesCsv(roundTrips.rows)),
      equity: this.#file('equity.csv', equityCsv(curve.columns)),
    };
  }

  #file(name: string, lines: Iterable<string>): string {
    const file = path.join(this.#directory, name);
    const descriptor = openSync(file, 'w', 0o600);
    try {
      let batch: string[] = [];
      for (const line of lines) {
        batch.push(line);
        if (batch.length < LINES_PER_WRITE) continue;
        writeSync(descriptor, batch.join(''));
        batch = [];
      }
      writeSync(descriptor, batch.join(''));
    } finally {
      closeSync(descriptor);
    }
    return file;
  }
}
