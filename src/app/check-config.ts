import { describeConfig, describeStrategyConfig } from '../config/describe-config.ts';
import { listStrategyConfigs } from '../config/load-strategy-config.ts';
import { loadStrategy } from './configured-strategy.ts';
import type { Workspace } from './workspace.ts';

export interface CheckedConfig {
  /** Where the files were found. */
  readonly directory: string;
  /** The effective configuration as YAML, behind each value where it comes from. */
  readonly general: string;
  readonly strategies: readonly { readonly id: string; readonly text: string }[];
  /** The same as values. */
  readonly config: unknown;
}

/** Reads every configuration file; throws a `ConfigError` at the first that is wrong. */
export function checkConfig(workspace: Workspace): CheckedConfig {
  const { directory, loaded } = workspace;
  const strategies = listStrategyConfigs(directory).map((id) => ({
    id,
    text: describeStrategyConfig(loadStrategy(workspace, id)),
  }));
  return { directory, general: describeConfig(loaded), strategies, config: loaded.config };
}
