import { listStrategyConfigs } from '../config/load-strategy-config.ts';
import { builtinStrategies } from '../strategies/strategy-registry.ts';
import { loadStrategy } from './configured-strategy.ts';
import type { Workspace } from './workspace.ts';

export interface ListedStrategy {
  readonly id: string;
  /** A kind, or the file of the user's own that `strategy:` names, as it is written. */
  readonly kind: string;
  /** Whether it is such a file; its code is not run to list it. */
  readonly own_file: boolean;
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly allow_short: boolean;
  readonly description: string;
}

/** Every configured strategy, with what the general configuration fills in. */
export function listStrategies(workspace: Workspace): readonly ListedStrategy[] {
  const { data } = workspace.config;
  return listStrategyConfigs(workspace.directory).map((id) => {
    const loaded = loadStrategy(workspace, id);
    const definition = builtinStrategies.find((each) => each.id === loaded.kind);
    return {
      id,
      kind: loaded.kind,
      own_file: definition === undefined,
      symbols: loaded.symbols ?? data.symbols,
      timeframe: loaded.timeframe ?? data.timeframe,
      allow_short: loaded.allowShort,
      description: definition?.description ?? '',
    };
  });
}
