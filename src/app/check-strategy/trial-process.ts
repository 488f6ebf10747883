/**
 * A process of its own for one trial: it is sent a request, answers once and ends. What a strategy
 * keeps outside its instances lives and dies with it.
 */
import { resolve } from 'node:path';
import { watchedDriver } from '../../adapters/sqlite/watched-driver.ts';
import { loadLibrary } from '../../strategies/indicators/load-library.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { AmbientLog } from './ambient-log.ts';
import { setTraps } from './ambient-traps.ts';
import { namedStrategy } from './named-strategy.ts';
import { runTrial } from './run-trial.ts';
import { StrategyWatch } from './strategy-watch.ts';
import {
  isTrialRequest,
  type Place,
  type RunTrace,
  type TrialOutcome,
  type TrialRequest,
} from './trial.ts';

const LOADING: Place = { phase: 'load', symbol: null, openTime: null };

process.once('message', (message: unknown) => {
  if (!isTrialRequest(message)) throw new TypeError('a trial was expected');
  void answer(message);
});

async function answer(request: TrialRequest): Promise<void> {
  const outcome = await outcomeOf(request).catch((error: unknown) => ({
    failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }));
  process.send?.(outcome, () => process.disconnect());
}

async function outcomeOf(request: TrialRequest): Promise<TrialOutcome> {
  const workspace = workspaceOf(request);
  // Its parts are opened beforehand: what they read for themselves is nobody's doing.
  loadLibrary();
  await import('../../quantsage.ts');
  let watch: StrategyWatch | null = null;
  let isLoading = false;
  const log = new AmbientLog(() => (isLoading ? LOADING : (watch?.place ?? null)));
  const known = new Set(Reflect.ownKeys(globalThis));
  setTraps(log.note);
  const driver = watchedDriver((file) => log.note('file', 'new Database()', [resolve(file)]));
  isLoading = true;
  const strategy = await namedStrategy(workspace, request.strategy, { 'better-sqlite3': driver });
  isLoading = false;
  const runs: RunTrace[] = [];
  for (const run of request.runs) {
    watch = new StrategyWatch({ asksRules: run.asksRules });
    runs.push(await runTrial(run, { workspace, strategy, watch }));
  }
  const globals = Reflect.ownKeys(globalThis).filter((key) => !known.has(key));
  return { runs, uses: log.uses, globals: globals.map(String) };
}

function workspaceOf(request: TrialRequest): Workspace {
  const { configFiles, settings, databasePath, overrides } = request;
  return openWorkspace({
    configFiles,
    settings,
    databasePath,
    environment: { overrides, noColor: true, secret: () => null, redact: (text) => text },
    verbose: false,
    log: () => undefined,
  });
}
