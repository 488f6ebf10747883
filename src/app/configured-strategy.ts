import { loadStrategyConfig, type LoadedStrategyConfig } from '../config/load-strategy-config.ts';
import type { StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Timeframe } from '../core/time.ts';
import type { StrategyDefinition } from '../strategies/strategy.ts';
import { findStrategy, knownKinds, strategyOfKind } from '../strategies/strategy-registry.ts';
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

/** What a strategy's file and the overrides say of it. Throws a `ConfigError` on a bad one. */
export function loadStrategy(workspace: Workspace, id: string): LoadedStrategyConfig {
  const { environment, settings } = workspace.options;
  return loadStrategyConfig({
    directory: workspace.directory,
    id,
    params: (kind) => findStrategy(kind)?.params ?? null,
    knownKinds,
    environment: environment.overrides,
    settings,
  });
}

export function configuredStrategy(loaded: LoadedStrategyConfig): ConfiguredStrategy {
  const { id, kind, params, symbols, timeframe, allowShort } = loaded;
  return { id, definition: strategyOfKind(kind), params, symbols, timeframe, allowShort };
}
