import {
  configuredStrategy,
  loadStrategy,
  type ConfiguredStrategy,
} from '../configured-strategy.ts';
import { isStrategyFile, loadStrategyFile } from '../strategy-file.ts';
import type { Workspace } from '../workspace.ts';

/** The strategy of an id or of a file, which is given these packages besides the usual ones. */
export async function namedStrategy(
  workspace: Workspace,
  named: string,
  packages: Readonly<Record<string, unknown>> = {},
): Promise<ConfiguredStrategy> {
  if (isStrategyFile(named)) return loadStrategyFile(workspace, named, packages);
  return configuredStrategy(loadStrategy(workspace, named));
}
