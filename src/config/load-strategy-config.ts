import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ConfigError } from '../core/errors.ts';
import { isStrategyId, type StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Timeframe } from '../core/time.ts';
import {
  DEFAULT_ORIGIN,
  findNode,
  mapNode,
  mergeNodes,
  scalarNode,
  type ConfigNode,
} from './config-node.ts';
import { parseNode, sentenceAt } from './explain-issues.ts';
import { suggestion } from './nearest.ts';
import { readConfigFile } from './read-config-file.ts';
import { environmentNode, settingsNode } from './setting-nodes.ts';
import { strategySchema } from './strategy-schema.ts';

const EXTENSION = '.yaml';

export interface StrategySources {
  /** The configuration directory; strategies are in `strategies/<id>.yaml` below it. */
  readonly directory: string;
  readonly id: string;
  /** Schema of the parameters of a kind of strategy, in snake_case; null for an unknown kind. */
  readonly params: (kind: string) => z.ZodType | null;
  readonly knownKinds: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** `params.rsi_period=10` or `strategies.<id>.params.rsi_period=10`; others are passed over. */
  readonly settings: readonly string[];
}

export interface LoadedStrategyConfig {
  readonly id: StrategyId;
  readonly kind: string;
  /** Null takes the symbols of `config.yaml`. */
  readonly symbols: readonly SymbolName[] | null;
  /** Null takes the timeframe of `config.yaml`. */
  readonly timeframe: Timeframe | null;
  readonly allowShort: boolean;
  /** As the kind's own schema gave them. */
  readonly params: unknown;
  /** What was written, and where. */
  readonly written: ConfigNode;
}

/** Ids of the configured strategies, in alphabetical order. */
export function listStrategyConfigs(directory: string): readonly StrategyId[] {
  const folder = join(directory, 'strategies');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .filter(isStrategyId)
    .sort();
}

/**
 * One strategy: defaults < `strategies/<id>.yaml` < environment < settings. A kind without a file
 * of its name runs on its defaults. Throws a `ConfigError` with a sentence for each problem.
 */
export function loadStrategyConfig(sources: StrategySources): LoadedStrategyConfig {
  const { directory, id } = sources;
  // Before the file system sees it: the id becomes part of a path.
  if (!isStrategyId(id)) {
    throw new ConfigError(
      'a strategy id of at most 64 lower-case letters, digits and underscores that begins with a ' +
        `letter was expected, was ${JSON.stringify(id.slice(0, 80))}`,
    );
  }
  const folder = join(directory, 'strategies');
  const file = readConfigFile(join(folder, `${id}${EXTENSION}`), { within: directory });
  const known = listStrategyConfigs(directory);
  if (file === null && !sources.knownKinds.includes(id)) throw unknownStrategy(id, folder, known);
  const overrides = [environmentNode(sources.environment), settingsNode(sources.settings)];
  const written = overrides
    .flatMap((node) => overridesOf(node, id, known))
    .reduce((earlier, later) => mergeNodes(earlier, later), file ?? defaultsOf(id));
  const kind = kindOf(written, sources.knownKinds);
  const params = sources.params(kind) ?? z.strictObject({});
  const { symbols, timeframe, allowShort, ...parsed } = parseNode(written, strategySchema(params));
  return { id, kind, symbols, timeframe, allowShort, params: parsed.params, written };
}

function unknownStrategy(id: string, folder: string, known: readonly string[]): ConfigError {
  const next =
    known.length === 0
      ? `; make ${join(folder, `${id}${EXTENSION}`)}`
      : suggestion(id, known, 'strategies');
  const list = next.includes('did you mean') ? ` Known strategies: ${known.join(', ')}` : '';
  return new ConfigError(
    `a strategy configured in ${folder} was expected, was "${id}"${next}${list}`,
  );
}

function defaultsOf(kind: string): ConfigNode {
  return mapNode([['strategy', scalarNode(kind, DEFAULT_ORIGIN)]], DEFAULT_ORIGIN);
}

/** What overrides say of this strategy. Those of other strategies count when they are loaded. */
function overridesOf(node: ConfigNode, id: string, known: readonly string[]): ConfigNode[] {
  const strategies = findNode(node, ['strategies']);
  if (strategies?.kind === 'map') {
    for (const [name, { keyOrigin }] of strategies.entries) {
      if (name === id || known.some((each) => each === name)) continue;
      const text = `a configured strategy was expected, was "${name}"`;
      throw new ConfigError(`${keyOrigin.label}: ${text}${suggestion(name, known, 'strategies')}`);
    }
  }
  const params = findNode(node, ['params']);
  const own = findNode(node, ['strategies', id]);
  return [
    ...(own === null ? [] : [own]),
    ...(params === null ? [] : [mapNode([['params', params]], params.origin)]),
  ];
}

function kindOf(written: ConfigNode, knownKinds: readonly string[]): string {
  const node = findNode(written, ['strategy']);
  const kind = node?.kind === 'scalar' ? node.value : null;
  if (typeof kind === 'string' && knownKinds.includes(kind)) return kind;
  const was = kind === null ? (node?.kind ?? 'nothing') : JSON.stringify(kind);
  const text = `a kind of strategy was expected, was ${was}`;
  const known = suggestion(String(kind ?? ''), knownKinds, 'kinds');
  throw new ConfigError(sentenceAt(written, ['strategy'], `${text}${known}`));
}
