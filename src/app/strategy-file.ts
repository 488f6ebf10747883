import { existsSync, realpathSync } from 'node:fs';
import * as z from 'zod';
import { loadModule } from '../adapters/modules/load-module.ts';
import {
  listStrategyConfigs,
  strategyFileOf,
  type NamedStrategyFile,
} from '../config/load-strategy-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { hasStrategyExtension } from '../config/strategy-path.ts';
import { ConfigError } from '../core/errors.ts';
import { isStrategyDefinition } from '../strategies/define-strategy.ts';
import type { StrategyDefinition } from '../strategies/strategy.ts';
import { sha256 } from './content-hash.ts';
import type { Workspace } from './workspace.ts';

const KINDS = 'a .ts, .js or .mjs file';

/** What a file may import besides what it always may, by name. */
export type Packages = Readonly<Record<string, unknown>>;

/** The code of a strategy of the user's own. */
export interface LoadedStrategyFile {
  readonly definition: StrategyDefinition;
  readonly sourceHash: string;
  /** Absolute path. */
  readonly sourceFile: string;
}

/**
 * The strategy in the file that `--strategy` names. Throws a `ConfigError` on anything but exactly
 * one definition, or under an id that a configured strategy has.
 */
export async function loadNamedFile(
  workspace: Workspace,
  file: string,
  packages: Packages = {},
): Promise<LoadedStrategyFile> {
  const was = `was ${JSON.stringify(file)}`;
  if (!hasStrategyExtension(file)) {
    throw new ConfigError(`--strategy: an id or ${KINDS} was expected, ${was}`);
  }
  const text = readTextFile(file, { within: null });
  if (text === null) {
    throw new ConfigError(
      `--strategy: ${KINDS} was expected, ${was}, which does not exist; ` +
        '"quantsage strategies new NAME" writes one to begin with',
    );
  }
  const loaded = await loadText(file, text, packages);
  refuseTaken(loaded.definition.id, file, workspace);
  return loaded;
}

/**
 * The strategy in the file that a configuration names. The configuration is the user's own, and so
 * is the code it names: it is run like that of `--strategy`.
 */
export async function loadConfiguredFile(
  named: NamedStrategyFile,
  packages: Packages = {},
): Promise<LoadedStrategyFile> {
  const { path, text: written, place } = named;
  const was = `${place}: strategy: ${KINDS} was expected, was ${JSON.stringify(written)}`;
  if (!hasStrategyExtension(path)) throw new ConfigError(was);
  const text = readTextFile(path, { within: null });
  if (text !== null) return loadText(path, text, packages);
  throw new ConfigError(
    `${was}, and there is no ${path}; a path is taken from where the file that names it lies, and ` +
      'the code there is run',
  );
}

/** What a file that a run was recorded with defines now; null where it is gone. */
export async function loadRecordedFile(path: string): Promise<LoadedStrategyFile | null> {
  const text = readTextFile(path, { within: null });
  return text === null ? null : loadText(path, text, {});
}

async function loadText(
  file: string,
  text: string,
  packages: Packages,
): Promise<LoadedStrategyFile> {
  const quantsage = await import('../quantsage.ts');
  const path = realpathSync(file);
  const provided = { ...packages, quantsage, zod: z };
  const exported = await loadModule({ path, name: file, text, provided });
  return { definition: definitionIn(exported, file), sourceHash: sha256(text), sourceFile: path };
}

/** A module may export the same definition by name and as default; a CommonJS one may be it. */
function definitionIn(exported: unknown, file: string): StrategyDefinition {
  const isModule = typeof exported === 'object' && exported !== null;
  const named: readonly unknown[] = isModule ? Object.values(exported) : [];
  const found = [...new Set([exported, ...named].filter(isStrategyDefinition))];
  const [definition] = found;
  if (definition !== undefined && found.length === 1) return definition;
  const was = found.length === 0 ? 'none' : found.map(({ id }) => `"${id}"`).join(' and ');
  throw new ConfigError(
    `${file}: one exported strategy was expected, was ${was}; ` +
      'write "export default defineStrategy({ … })" once',
  );
}

/** Results of two strategies of one name could not be told apart. */
function refuseTaken(id: string, file: string, { directory, options }: Workspace): void {
  if (!listStrategyConfigs(directory).some((each) => each === id)) return;
  const { environment, settings } = options;
  const configured = strategyFileOf({
    directory,
    id,
    environment: environment.overrides,
    settings,
  });
  const isThis = configured !== null && isSameFile(configured.path, file);
  const next = isThis ? `it names this file: run it with --strategy ${id}` : 'choose another id';
  throw new ConfigError(
    `${file}: a strategy id of its own was expected, was "${id}", ` +
      `which ${directory}/strategies/${id}.yaml has; ${next}`,
  );
}

function isSameFile(one: string, other: string): boolean {
  return existsSync(one) && realpathSync(one) === realpathSync(other);
}

/** `--strategy a,./b.ts`; a file may have a comma in its name. */
export function strategyNames(text: string): readonly string[] {
  return existsSync(text) ? [text] : text.split(',').map((name) => name.trim());
}
