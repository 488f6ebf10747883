import { writeFileSync } from 'node:fs';
import { listStrategyConfigs } from '../config/load-strategy-config.ts';
import { ConfigError } from '../core/errors.ts';
import { isStrategyId } from '../core/ids.ts';
import { strategyTemplate, type TemplateKind } from './strategy-template.ts';
import type { Workspace } from './workspace.ts';

/**
 * Writes `<id>.ts`, an example that runs at once, into the directory the command runs in, and
 * returns its name. Throws a `ConfigError` for a bad or taken id; never replaces a file.
 */
export function newStrategy(
  { directory }: Pick<Workspace, 'directory'>,
  id: string,
  kind: TemplateKind,
): string {
  if (!isStrategyId(id)) {
    throw new ConfigError(
      'a name of at most 64 lower-case letters, digits and underscores that begins with a letter ' +
        `was expected, was ${JSON.stringify(id.slice(0, 80))}`,
    );
  }
  if (listStrategyConfigs(directory).includes(id)) {
    throw new ConfigError(
      `a name of its own was expected, was "${id}", which ${directory}/strategies/${id}.yaml has`,
    );
  }
  const file = `${id}.ts`;
  try {
    writeFileSync(file, strategyTemplate(id, kind), { flag: 'wx' });
  } catch (error) {
    throw new ConfigError(`${file}: a new file was expected: ${reasonOf(error)}`, { cause: error });
  }
  return file;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return code === 'EEXIST' ? 'there is one of that name; choose another name' : code;
}
