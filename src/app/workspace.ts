import { existsSync, lstatSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openDatabase, type Database } from '../adapters/sqlite/database.ts';
import { SqliteBarStore } from '../adapters/sqlite/sqlite-bar-store.ts';
import { SqliteJournalArchive } from '../adapters/sqlite/sqlite-journal-archive.ts';
import { SqliteRepairStore } from '../adapters/sqlite/sqlite-repair-store.ts';
import { SqliteLastingRuns } from '../adapters/sqlite/sqlite-lasting-runs.ts';
import { SqliteRunArchive } from '../adapters/sqlite/sqlite-run-archive.ts';
import { SqliteRunStore } from '../adapters/sqlite/sqlite-run-store.ts';
import { randomNonce } from '../adapters/system/random-nonce.ts';
import { createLogger } from '../adapters/system/pino-logger.ts';
import type { Config } from '../config/config-schema.ts';
import { loadConfig, type LoadedConfig } from '../config/load-config.ts';
import type { JournalArchive, LastingRunStore } from '../ports/lasting-run.ts';
import type { BarStore } from '../ports/bar-store.ts';
import type { Logger } from '../ports/logger.ts';
import type { RepairStore } from '../ports/repair-store.ts';
import type { RunArchive } from '../ports/run-archive.ts';
import type { RunStore } from '../ports/run-store.ts';
import { EMPTY_BARS, EMPTY_RUNS } from './empty-stores.ts';
import type { Environment } from './environment.ts';
import { THIS_MACHINE, type Machine } from './machine.ts';

/** What the files of a user's directory are called. */
const CONFIG_DIRECTORY = 'config';

export interface WorkspaceOptions {
  readonly configFiles: readonly string[];
  /** `path=value`, as `--set` takes them. */
  readonly settings: readonly string[];
  /** Null takes `database.path` of the configuration. */
  readonly databasePath: string | null;
  readonly environment: Environment;
  /** Logs everything, whatever `system.log_level` says. */
  readonly verbose: boolean;
  /** Takes the lines of the log. */
  readonly log: (line: string) => void;
  /** Whether settings may speak of the strategies of a run, as only such a run understands them. */
  readonly runsStrategies?: boolean;
  /** Absent for the one this program runs on. */
  readonly machine?: Machine | undefined;
}

/** Both write the same bars, so they share a connection. */
interface Market {
  readonly connection: Database;
  readonly bars: BarStore;
  readonly repairs: RepairStore;
}

interface Runs {
  readonly connection: Database;
  readonly store: RunStore;
}

/** Configuration and database of one command; the database opens when it is first asked for. */
export class Workspace {
  readonly options: WorkspaceOptions;
  readonly directory: string;
  readonly loaded: LoadedConfig;
  readonly databasePath: string;
  readonly logger: Logger;
  readonly machine: Machine;
  #market: Market | null = null;
  #runs: Runs | null = null;
  #lasting: Database | null = null;

  constructor(options: WorkspaceOptions) {
    this.options = options;
    this.machine = options.machine ?? THIS_MACHINE;
    this.directory = configDirectory();
    this.loaded = loadConfig({
      directory: this.directory,
      overlays: options.configFiles,
      environment: options.environment.overrides,
      settings: options.settings,
      runsStrategies: options.runsStrategies ?? false,
    });
    this.databasePath = options.databasePath ?? this.loaded.config.database.path;
    this.logger = createLogger({
      level: options.verbose ? 'debug' : this.loaded.config.system.logLevel,
      write: options.log,
    });
  }

  get config(): Config {
    return this.loaded.config;
  }

  /** Market data; creates the database when there is none. */
  bars(): BarStore {
    return this.#openMarket().bars;
  }

  /** Repairs of market data; creates the database when there is none. */
  repairs(): RepairStore {
    return this.#openMarket().repairs;
  }

  /** Runs, on a connection of their own: they are written while bars are read. */
  runs(): RunStore {
    return this.#openRuns().store;
  }

  /** What recorded runs did; there must be one. */
  archive(): RunArchive {
    return new SqliteRunArchive(this.#openRuns().connection);
  }

  /** Runs that outlive the process they run in, on a connection of their own. */
  lastingRuns(): LastingRunStore {
    return new SqliteLastingRuns(this.#openLasting(), { makeNonce: randomNonce });
  }

  /** The journals of recorded runs; there must be a database. */
  journals(): JournalArchive {
    return new SqliteJournalArchive(this.#openRuns().connection);
  }

  /** Whether there is anything at the path: what is there, opening it will tell. */
  hasDatabase(): boolean {
    return isPresent(this.databasePath);
  }

  /** Market data to read: without a database there is none, and none is made. */
  storedBars(): BarStore {
    return this.hasDatabase() ? this.bars() : EMPTY_BARS;
  }

  recordedRuns(): RunStore {
    return this.hasDatabase() ? this.runs() : EMPTY_RUNS;
  }

  close(): void {
    this.#market?.connection.close();
    this.#runs?.connection.close();
    this.#lasting?.close();
    this.#lasting = null;
    this.#market = null;
    this.#runs = null;
  }

  #openRuns(): Runs {
    if (this.#runs === null) {
      const connection = this.#connect();
      this.#runs = { connection, store: new SqliteRunStore(connection) };
    }
    return this.#runs;
  }

  #openLasting(): Database {
    this.#lasting ??= this.#connect();
    return this.#lasting;
  }

  #openMarket(): Market {
    if (this.#market === null) {
      const connection = this.#connect();
      const bars = new SqliteBarStore(connection);
      this.#market = { connection, bars, repairs: new SqliteRepairStore(connection) };
    }
    return this.#market;
  }

  #connect(): Database {
    return openDatabase(this.databasePath, {
      onUpdated: ({ from, to, backup }) => {
        this.logger.info(
          { database: this.databasePath, from, to, backup },
          'the database was brought up to date; a copy of it as it was before is kept',
        );
      },
    });
  }
}

export function openWorkspace(options: WorkspaceOptions): Workspace {
  return new Workspace(options);
}

/** False only where nothing is there; a path through a file is wrong in another way. */
function isPresent(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
  }
}

/** The user's own files where there are any, else those that came with the package. */
function configDirectory(): string {
  if (existsSync(CONFIG_DIRECTORY)) return CONFIG_DIRECTORY;
  return fileURLToPath(new URL('../../config', import.meta.url));
}
