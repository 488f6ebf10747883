import type * as z from 'zod';
import { GENERAL_SECTIONS } from './general-schema.ts';
import { RISK_SECTIONS } from './risk-schema.ts';
import { section } from './schema-fields.ts';

/** Everything of `config.yaml` and `risk.yaml` together. */
export const configSchema = section({ ...GENERAL_SECTIONS, ...RISK_SECTIONS });

/** The effective configuration: fractions, UTC, money in quote currency; frozen. */
export type Config = z.output<typeof configSchema>;
export type RiskLimitSettings = Config['riskLimits'];

/** The files every configuration has, and the sections that belong in each. */
export const BASE_FILES = [
  { name: 'config.yaml', sections: Object.keys(GENERAL_SECTIONS) },
  { name: 'risk.yaml', sections: Object.keys(RISK_SECTIONS) },
] as const;
