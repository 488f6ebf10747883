import { ConfigError } from '../core/errors.ts';
import {
  isForbiddenKey,
  mapNode,
  mergeNodes,
  nodeAtPath,
  type ConfigNode,
  type MapNode,
  type Origin,
} from './config-node.ts';
import { parseYaml } from './parse-yaml.ts';

const PREFIX = 'QUANTSAGE_';

/**
 * The overrides of the environment as one tree: `QUANTSAGE_PORTFOLIO__INITIAL_CAPITAL=5000` is
 * `portfolio.initial_capital: 5000`. Variables without the prefix are none of our business.
 */
export function environmentNode(environment: Readonly<Record<string, string>>): ConfigNode {
  const overrides = Object.entries(environment).filter(([name]) => name.startsWith(PREFIX));
  return combine(
    overrides.map(([name, text]) => {
      const origin: Origin = { kind: 'environment', label: `environment variable ${name}` };
      const path = name.slice(PREFIX.length).toLowerCase().split('__');
      return settingNode(path, text, origin);
    }),
    { kind: 'environment', label: 'environment' },
  );
}

/** The `--set path=value` flags as one tree; of two for the same path the later one counts. */
export function settingsNode(settings: readonly string[]): ConfigNode {
  return combine(
    settings.map((setting) => {
      const origin: Origin = { kind: 'flag', label: `--set ${setting}` };
      const equals = setting.indexOf('=');
      if (equals === -1) {
        throw new ConfigError(
          `${origin.label}: path=value was expected, was "${setting}"; ` +
            'write for example --set portfolio.initial_capital=50000',
        );
      }
      return settingNode(
        setting.slice(0, equals).trim().split('.'),
        setting.slice(equals + 1),
        origin,
      );
    }),
    { kind: 'flag', label: '--set' },
  );
}

function settingNode(path: readonly string[], text: string, origin: Origin): ConfigNode {
  for (const key of path) {
    if (key === '' || isForbiddenKey(key)) {
      throw new ConfigError(
        `${origin.label}: a path such as portfolio.initial_capital was expected, ` +
          `was "${path.join('.')}"`,
      );
    }
  }
  const node = parseYaml(text, () => origin);
  if (node === null) {
    throw new ConfigError(
      `${origin.label}: ${path.join('.')}: a value was expected, was nothing ` +
        '(write null to switch a limit off)',
    );
  }
  return nodeAtPath(path, node);
}

function combine(nodes: readonly ConfigNode[], origin: Origin): ConfigNode {
  return nodes.reduce((earlier, later) => mergeNodes(earlier, later), emptyNode(origin));
}

function emptyNode(origin: Origin): MapNode {
  return mapNode([], origin);
}
