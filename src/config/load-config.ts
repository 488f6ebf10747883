import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { canonicalJson } from './canonical-json.ts';
import {
  DEFAULT_ORIGIN,
  findNode,
  mapNode,
  mergeNodes,
  nodeAtPath,
  plainValue,
  scalarNode,
  type ConfigNode,
  type MapNode,
  type NodePath,
} from './config-node.ts';
import { costProblems } from './cost-problems.ts';
import { BASE_FILES, configSchema, type Config } from './config-schema.ts';
import { parseNode, problemsError } from './explain-issues.ts';
import { readConfigFile } from './read-config-file.ts';
import { CHOICES } from './risk-schema.ts';
import { environmentNode, settingsNode } from './setting-nodes.ts';
import { withoutStrategies } from './strategy-settings.ts';

export interface ConfigSources {
  /** Holds `config.yaml` and `risk.yaml`; where it does not exist, the defaults count. */
  readonly directory: string;
  /** Further files with any section, as `-c` names them; later ones win. */
  readonly overlays: readonly string[];
  /** Variables; those that begin with `QUANTSAGE_` are read. */
  readonly environment: Readonly<Record<string, string>>;
  /** `path=value`, as `--set` takes them; later ones win. */
  readonly settings: readonly string[];
  /** Whether overrides may speak of strategies by their ids, or of the only one without. */
  readonly runsStrategies?: boolean;
}

export interface LoadedConfig {
  readonly config: Config;
  /** The effective configuration with sorted keys: equal text means equal configuration. */
  readonly canonicalJson: string;
  /** What was written, and where. */
  readonly written: ConfigNode;
}

/**
 * The configuration: defaults < `config.yaml` and `risk.yaml` < overlays < environment < settings.
 * Throws a `ConfigError` with a sentence for each problem.
 */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const { runsStrategies = false } = sources;
  return configOf([
    ...readBaseFiles(sources.directory),
    ...sources.overlays.map(readOverlay),
    withoutStrategies(environmentNode(sources.environment), runsStrategies),
    withoutStrategies(settingsNode(sources.settings), runsStrategies),
  ]);
}

/** The configuration that the layers come to, laid over the defaults; later ones win. */
export function configOf(layers: readonly ConfigNode[]): LoadedConfig {
  const choices = new Map(CHOICES.map(({ path, key }) => [path.join('.'), key]));
  const written = layers.reduce(
    (earlier, later) => mergeNodes(earlier, later, choices),
    defaultChoices(),
  );
  const config = parseNode(written, configSchema);
  const problems = costProblems(config, written);
  if (problems.length > 0) throw problemsError(problems);
  return { config, canonicalJson: canonicalJson(config), written };
}

/** So that `position_sizing.risk_per_trade` alone can be set: the method it belongs to is known. */
function defaultChoices(): ConfigNode {
  return CHOICES.map(({ path, key, value }) =>
    nodeAtPath([...path, key], scalarNode(value, DEFAULT_ORIGIN)),
  ).reduce((earlier, later) => mergeNodes(earlier, later), mapNode([], DEFAULT_ORIGIN));
}

interface BaseFile {
  readonly path: string;
  readonly sections: readonly string[];
  readonly node: MapNode;
}

function readBaseFiles(directory: string): readonly ConfigNode[] {
  if (!existsSync(directory)) return [];
  const files = BASE_FILES.flatMap(({ name, sections }): BaseFile[] => {
    const path = join(directory, name);
    const node = readConfigFile(path, { within: directory });
    return node === null ? [] : [{ path, sections, node }];
  });
  for (const file of files) checkSections(file, files);
  return files.map(({ node }) => node);
}

function readOverlay(path: string): ConfigNode {
  const node = readConfigFile(path, { within: null });
  if (node === null) throw new ConfigError(`-c ${path}: a file was expected, was nothing there`);
  return node;
}

/** Each section has one home: two files that say different things would make one of them a lie. */
function checkSections({ path, sections, node }: BaseFile, files: readonly BaseFile[]): void {
  const home = BASE_FILES.find((file) => file.sections !== sections);
  for (const [key, section] of node.entries) {
    if (sections.includes(key) || home?.sections.includes(key) !== true) continue;
    const other = files.find((file) => file.path !== path)?.node.entries.get(key);
    const clash = other === undefined ? null : firstClash(section, other, [key]);
    throw new ConfigError(
      clash === null
        ? `${section.keyOrigin.label}: ${key} was expected in ${home.name}, was in ${path}; move it`
        : `${clash}; keep the one in ${home.name}`,
    );
  }
}

/** The first value that both nodes hold, with both places. */
function firstClash(here: ConfigNode, there: ConfigNode, path: NodePath): string | null {
  if (here.kind === 'map') {
    for (const [key, node] of here.entries) {
      const other = findNode(there, [key]);
      const clash = other === null ? null : firstClash(node, other, [...path, key]);
      if (clash !== null) return clash;
    }
    return null;
  }
  const [first, second] = [here, there].map((node) => JSON.stringify(plainValue(node)));
  return (
    `${here.origin.label}: ${path.map(String).join('.')}: one value was expected, ` +
    `was ${first} here and ${second} at ${there.origin.label}`
  );
}
