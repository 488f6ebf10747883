import { existsSync, readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
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
import { hasStrategyExtension, isStrategyFile } from './strategy-path.ts';
import { strategySchema } from './strategy-schema.ts';
import { refuseUnassigned, settingsOf } from './strategy-settings.ts';

const EXTENSION = '.yaml';

export interface StrategySources {
  /** The configuration directory; strategies are in `strategies/<id>.yaml` below it. */
  readonly directory: string;
  readonly id: string;
  /** Schema of the parameters of a kind of strategy, in snake_case; null for an unknown kind. */
  readonly params: (kind: string) => z.ZodType | null;
  readonly knownKinds: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /**
   * `params.rsi_period=10`, `<id>.params.rsi_period=10` or `strategies.<id>.params.rsi_period=10`;
   * others are passed over.
   */
  readonly settings: readonly string[];
  /** Ids of the other strategies of the run: settings may speak of them. */
  readonly runningWith?: readonly string[];
}

export interface LoadedStrategyConfig {
  readonly id: StrategyId;
  /** A kind, or the path of a file of the user's own, as it is written. */
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
  const { id } = sources;
  requireStrategyId(id);
  refuseStrangeSettings(sources, [id, ...(sources.runningWith ?? [])]);
  const file = readStrategy(sources);
  if (file === null && !sources.knownKinds.includes(id)) throw unknownStrategy(sources);
  const written = overlaid(file ?? defaultsOf(id), overridesOf(sources), id);
  const kind = kindOf(written, sources.knownKinds);
  const params = sources.params(kind) ?? z.strictObject({});
  const { symbols, timeframe, allowShort, ...parsed } = parseNode(written, strategySchema(params));
  return { id, kind, symbols, timeframe, allowShort, params: parsed.params, written };
}

/**
 * Throws a `ConfigError` for a setting that is for none of the strategies that run together, nor for
 * another configured one, or that might be for any of them.
 */
export function refuseStrangeSettings(
  sources: Pick<StrategySources, 'directory' | 'environment' | 'settings'>,
  running: readonly string[],
): void {
  const configured = listStrategyConfigs(sources.directory);
  for (const node of overridesOf(sources)) refuseUnassigned(node, { running, configured });
}

/** A file of the user's own that a strategy is configured to be. */
export interface NamedStrategyFile {
  /** Where it lies: relative to the file that names it. */
  readonly path: string;
  /** As it is written, and where: `config/strategies/mine.yaml:3:11`. */
  readonly text: string;
  readonly place: string;
}

/** The file that a strategy's configuration names in place of a kind; null where it names none. */
export function strategyFileOf(
  sources: Pick<StrategySources, 'directory' | 'id' | 'environment' | 'settings'>,
): NamedStrategyFile | null {
  requireStrategyId(sources.id);
  const file = readStrategy(sources);
  if (file === null) return null;
  const node = findNode(overlaid(file, overridesOf(sources), sources.id), ['strategy']);
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return null;
  const text = node.value;
  if (!isStrategyFile(text)) return null;
  const from = node.origin.kind === 'file' ? join(sources.directory, 'strategies') : '';
  return { path: isAbsolute(text) ? text : join(from, text), text, place: node.origin.label };
}

/** Before the file system sees it: the id becomes part of a path. */
function requireStrategyId(id: string): asserts id is StrategyId {
  if (isStrategyId(id)) return;
  throw new ConfigError(
    'a strategy id of at most 64 lower-case letters, digits and underscores that begins with a ' +
      `letter was expected, was ${JSON.stringify(id.slice(0, 80))}`,
  );
}

function readStrategy({ directory, id }: Pick<StrategySources, 'directory' | 'id'>) {
  const file = join(directory, 'strategies', `${id}${EXTENSION}`);
  return readConfigFile(file, { within: directory });
}

function overridesOf({ environment, settings }: Pick<StrategySources, 'environment' | 'settings'>) {
  return [environmentNode(environment), settingsNode(settings)];
}

function overlaid(base: ConfigNode, overrides: readonly ConfigNode[], id: string): ConfigNode {
  return overrides
    .flatMap((node) => settingsOf(node, id))
    .reduce((earlier, later) => mergeNodes(earlier, later), base);
}

function unknownStrategy({ directory, id }: StrategySources): ConfigError {
  const folder = join(directory, 'strategies');
  const known = listStrategyConfigs(directory);
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

function kindOf(written: ConfigNode, knownKinds: readonly string[]): string {
  const node = findNode(written, ['strategy']);
  const kind = node?.kind === 'scalar' ? node.value : null;
  if (typeof kind === 'string') {
    if (knownKinds.includes(kind) || hasStrategyExtension(kind)) return kind;
    if (isStrategyFile(kind)) {
      throw badKind(written, `a .ts, .js or .mjs file was expected, was ${JSON.stringify(kind)}`);
    }
  }
  const was = kind === null ? (node?.kind ?? 'nothing') : JSON.stringify(kind);
  const known = suggestion(String(kind ?? ''), knownKinds, 'kinds');
  throw badKind(written, `a kind of strategy was expected, was ${was}${known}`);
}

function badKind(written: ConfigNode, text: string): ConfigError {
  return new ConfigError(sentenceAt(written, ['strategy'], text));
}
