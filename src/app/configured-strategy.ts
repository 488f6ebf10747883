import * as z from 'zod';
import { loadStrategyConfig, type LoadedStrategyConfig } from '../config/load-strategy-config.ts';
import { isStrategyFile } from '../config/strategy-path.ts';
import type { StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Timeframe } from '../core/time.ts';
import type { StrategyDefinition } from '../strategies/strategy.ts';
import { findStrategy, knownKinds } from '../strategies/strategy-registry.ts';
import type { Workspace } from './workspace.ts';

/** A strategy as it is to be run: what configures it, joined with what defines it. */
export interface ConfiguredStrategy {
  readonly id: StrategyId;
  readonly definition: StrategyDefinition;
  /** What the definition's schema made of the parameters. */
  readonly params: unknown;
  /** Null takes those of the general configuration. */
  readonly symbols: readonly SymbolName[] | null;
  readonly timeframe: Timeframe | null;
  readonly allowShort: boolean;
  /** SHA-256 of the user's own file it was loaded from; absent for a built-in kind. */
  readonly sourceHash?: string;
  /** That file, an absolute path. */
  readonly sourceFile?: string;
}

const ANY_PARAMS = z.record(z.string(), z.unknown());

/**
 * What a strategy's file and the overrides say of it. No code of the user's own is run for it: then
 * the parameters stand as they are written. Throws a `ConfigError` on a bad one.
 */
export function loadStrategy(workspace: Workspace, id: string): LoadedStrategyConfig {
  const { environment, settings } = workspace.options;
  return loadStrategyConfig({
    directory: workspace.directory,
    id,
    params: (kind) => findStrategy(kind)?.params ?? (isStrategyFile(kind) ? ANY_PARAMS : null),
    knownKinds,
    environment: environment.overrides,
    settings,
  });
}
