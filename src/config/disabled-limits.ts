import type { RiskLimitSettings } from './config-schema.ts';
import { snakeCase } from './snake-case.ts';

/** Paths of the risk limits that are switched off, as in YAML, for reports to show. */
export function disabledLimits(limits: RiskLimitSettings): readonly string[] {
  return nullPaths(limits, 'risk_limits');
}

function nullPaths(value: unknown, path: string): readonly string[] {
  if (value === null) return [path];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    nullPaths(inner, `${path}.${snakeCase(key)}`),
  );
}
