import { DEFAULT_ORIGIN } from '../config/config-node.ts';
import {
  loadStrategyConfig,
  refuseStrangeSettings,
  strategyFileOf,
  type LoadedStrategyConfig,
} from '../config/load-strategy-config.ts';
import { isStrategyFile } from '../config/strategy-path.ts';
import { ConfigError, QuantSageError } from '../core/errors.ts';
import { findStrategy, knownKinds, strategyOfKind } from '../strategies/strategy-registry.ts';
import type { ConfiguredStrategy } from './configured-strategy.ts';
import {
  loadConfiguredFile,
  loadNamedFile,
  strategyNames,
  type LoadedStrategyFile,
  type Packages,
} from './strategy-file.ts';
import { strictParams } from './strict-params.ts';
import type { Workspace } from './workspace.ts';

/** A strategy that was asked for, before anything is settled that depends on the others. */
interface NamedStrategy {
  readonly id: string;
  /** As the user named it. */
  readonly name: string;
  /** Null of a built-in kind. */
  readonly loaded: LoadedStrategyFile | null;
  /** Whether it was named by its file, and so has none of `config/strategies`. */
  readonly isBare: boolean;
}

/**
 * The strategies that `--strategy` names, or, where it is null, those of `portfolio.strategies`: in
 * that order. Files of the user's own may import `packages` besides what they always may. Throws a `ConfigError` on a bad one, on none at all, and on one twice.
 */
export async function strategiesToRun(
  workspace: Workspace,
  flag: string | null,
  packages: Packages = {},
): Promise<readonly ConfiguredStrategy[]> {
  const names = flag === null ? workspace.config.portfolio.strategies : strategyNames(flag);
  if (names.length === 0) {
    throw new ConfigError(
      '--strategy: an id or a file was expected, was nothing; name one, e.g. --strategy ' +
        'mean_reversion_crypto, or list some in portfolio.strategies of config.yaml',
    );
  }
  const named: NamedStrategy[] = [];
  for (const name of names) {
    const next = await nameStrategy(workspace, name, packages);
    refuseTwice(named, next);
    named.push(next);
  }
  const running = named.map(({ id }) => id);
  const { directory, options } = workspace;
  const { environment, settings } = options;
  refuseStrangeSettings({ directory, environment: environment.overrides, settings }, running);
  return named.map((each) => configured(workspace, each, running));
}

async function nameStrategy(
  workspace: Workspace,
  name: string,
  packages: Packages,
): Promise<NamedStrategy> {
  if (isStrategyFile(name)) {
    const loaded = await loadNamedFile(workspace, name, packages);
    return { id: loaded.definition.id, name, loaded, isBare: true };
  }
  const { environment, settings } = workspace.options;
  const file = strategyFileOf({
    directory: workspace.directory,
    id: name,
    environment: environment.overrides,
    settings,
  });
  const loaded = file === null ? null : await loadConfiguredFile(file, packages);
  return { id: name, name, loaded, isBare: false };
}

/** Positions, orders and results are told apart by the id. */
function refuseTwice(earlier: readonly NamedStrategy[], { id, name, isBare }: NamedStrategy): void {
  const other = earlier.find((each) => each.id === id);
  if (other === undefined) return;
  const names = other.name === name ? `"${name}" twice` : `"${other.name}" and "${name}"`;
  const kind = isBare ? `strategy: ${name}` : 'the same strategy';
  throw new ConfigError(
    `strategies of different ids were expected, was ${names}, both "${id}"; to run one twice with ` +
      `other parameters, write config/strategies/<id>.yaml with "${kind}" under a second id`,
  );
}

function configured(
  workspace: Workspace,
  named: NamedStrategy,
  running: readonly string[],
): ConfiguredStrategy {
  const { loaded } = named;
  if (loaded === null) {
    const config = configOf(workspace, named, running);
    return { ...settled(config), definition: strategyOfKind(config.kind) };
  }
  const { definition, sourceHash, sourceFile } = loaded;
  const config = namingFile(named, () => configOf(workspace, named, running));
  return { ...settled(config), definition, sourceHash, sourceFile };
}

function settled(config: LoadedStrategyConfig): Omit<ConfiguredStrategy, 'definition'> {
  const { id, params, symbols, timeframe, allowShort } = config;
  return { id, params, symbols, timeframe, allowShort };
}

function configOf(
  workspace: Workspace,
  { id, loaded, isBare }: NamedStrategy,
  running: readonly string[],
): LoadedStrategyConfig {
  const { environment, settings } = workspace.options;
  const own = loaded === null ? null : strictParams(loaded.definition.params);
  return loadStrategyConfig({
    directory: workspace.directory,
    id,
    params: (kind) => own ?? findStrategy(kind)?.params ?? null,
    knownKinds: isBare ? [id] : knownKinds,
    environment: environment.overrides,
    settings,
    runningWith: running.filter((each) => each !== id),
  });
}

/** What is wrong with no place but the code itself is said to be wrong there. */
function namingFile<T>({ name, isBare }: NamedStrategy, load: () => T): T {
  try {
    return load();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isOurs = error instanceof QuantSageError;
    if (isOurs && !isBare) throw error;
    const sentences = (isOurs ? message : `its schema threw: ${message}`).split('\n');
    const nowhere = `${DEFAULT_ORIGIN.label}: `;
    const placed = sentences.map(
      (each) => `${name}: ${each.startsWith(nowhere) ? each.slice(nowhere.length) : each}`,
    );
    throw new ConfigError(placed.join('\n'), { cause: error });
  }
}
