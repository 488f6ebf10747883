import { realpathSync } from 'node:fs';
import { extname } from 'node:path';
import * as z from 'zod';
import { loadModule } from '../adapters/modules/load-module.ts';
import { DEFAULT_ORIGIN } from '../config/config-node.ts';
import { listStrategyConfigs, loadStrategyConfig } from '../config/load-strategy-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { ConfigError, QuantSageError } from '../core/errors.ts';
import { isStrategyDefinition } from '../strategies/define-strategy.ts';
import type { StrategyDefinition } from '../strategies/strategy.ts';
import type { ConfiguredStrategy } from './configured-strategy.ts';
import { sha256 } from './content-hash.ts';
import type { Workspace } from './workspace.ts';

const EXTENSIONS: ReadonlySet<string> = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']);

/** Whether `--strategy` names a file rather than an id: ids have neither dots nor separators. */
export function isStrategyFile(text: string): boolean {
  return /[/\\]/.test(text) || EXTENSIONS.has(extname(text));
}

/**
 * The strategy that a file of the user's own defines, on the defaults of its schema and what
 * `--set` says. It may import `packages` besides what it always may. Throws a `ConfigError` on
 * anything but exactly one definition that can be run.
 */
export async function loadStrategyFile(
  workspace: Workspace,
  file: string,
  packages: Readonly<Record<string, unknown>> = {},
): Promise<ConfiguredStrategy> {
  const text = sourceOf(file);
  const quantsage = await import('../quantsage.ts');
  const path = realpathSync(file);
  const provided = { ...packages, quantsage, zod: z };
  const exported = await loadModule({ path, name: file, text, provided });
  const definition = definitionIn(exported, file);
  refuseTaken(definition.id, file, workspace);
  const { id, params, symbols, timeframe, allowShort } = configOf(definition, file, workspace);
  const sourceHash = sha256(text);
  return { id, definition, params, symbols, timeframe, allowShort, sourceHash };
}

function sourceOf(file: string): string {
  const kinds = 'a .ts, .js or .mjs file';
  const was = `was ${JSON.stringify(file)}`;
  if (!EXTENSIONS.has(extname(file))) {
    throw new ConfigError(`--strategy: an id or ${kinds} was expected, ${was}`);
  }
  const text = readTextFile(file, { within: null });
  if (text !== null) return text;
  throw new ConfigError(
    `--strategy: ${kinds} was expected, ${was}, which does not exist; ` +
      '"quantsage strategies new NAME" writes one to begin with',
  );
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
function refuseTaken(id: string, file: string, { directory }: Workspace): void {
  if (!listStrategyConfigs(directory).some((each) => each === id)) return;
  throw new ConfigError(
    `${file}: a strategy id of its own was expected, was "${id}", ` +
      `which ${directory}/strategies/${id}.yaml has; choose another id`,
  );
}

function configOf(definition: StrategyDefinition, file: string, workspace: Workspace) {
  const { environment, settings } = workspace.options;
  const params = strict(definition.params);
  try {
    return loadStrategyConfig({
      directory: workspace.directory,
      id: definition.id,
      params: () => params,
      knownKinds: [definition.id],
      environment: environment.overrides,
      settings,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const what = error instanceof QuantSageError ? message : `its schema threw: ${message}`;
    const nowhere = `${DEFAULT_ORIGIN.label}: `;
    const sentences = what
      .split('\n')
      .map((each) => `${file}: ${each.startsWith(nowhere) ? each.slice(nowhere.length) : each}`);
    throw new ConfigError(sentences.join('\n'), { cause: error });
  }
}

/** A parameter that is misspelt must not pass for one that is set. */
function strict(params: z.ZodType): z.ZodType {
  const isPlain = params instanceof z.ZodObject && params.def.catchall === undefined;
  return isPlain ? params.strict() : params;
}
