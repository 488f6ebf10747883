import { ConfigError } from '../../core/errors.ts';
import type { ConfiguredStrategy } from '../configured-strategy.ts';
import { strategiesToRun } from '../run-strategies.ts';
import type { Packages } from '../strategy-file.ts';
import type { Workspace } from '../workspace.ts';

/** The strategy of an id or of a file, which is given these packages besides the usual ones. */
export async function namedStrategy(
  workspace: Workspace,
  named: string,
  packages: Packages = {},
): Promise<ConfiguredStrategy> {
  const [strategy, ...others] = await strategiesToRun(workspace, named, packages);
  if (strategy !== undefined && others.length === 0) return strategy;
  throw new ConfigError(
    `one strategy to check was expected, was "${named}"; check them one by one`,
  );
}
