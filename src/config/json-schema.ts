import * as z from 'zod';
import { configSchema } from './config-schema.ts';
import { GENERAL_SECTIONS } from './general-schema.ts';
import { RISK_SECTIONS } from './risk-schema.ts';
import { section } from './schema-fields.ts';
import { strategySchema } from './strategy-schema.ts';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** What YAML may hold, as JSON schema draft 7: what editors complete and check with. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
}

interface SchemaFile {
  /** Below the configuration directory. */
  readonly path: string;
  readonly text: string;
}

/**
 * The files of `config/schemas`. Each kind of strategy whose parameters are handed over gets a
 * schema of its own, `<kind>.schema.json`; `strategy.schema.json` leaves the parameters open.
 */
export function jsonSchemaFiles(
  paramsOfKinds: Readonly<Record<string, z.ZodType>> = {},
): readonly SchemaFile[] {
  const open = strategySchema(z.record(z.string(), z.unknown()));
  return [
    schemaFile('config', section(GENERAL_SECTIONS)),
    schemaFile('risk', section(RISK_SECTIONS)),
    schemaFile('overlay', configSchema),
    schemaFile('strategy', open),
    ...Object.entries(paramsOfKinds).map(([kind, params]) =>
      schemaFile(kind, strategySchema(params)),
    ),
  ];
}

function schemaFile(name: string, schema: z.ZodType): SchemaFile {
  const text = `${JSON.stringify(jsonSchemaOf(schema), null, 2)}\n`;
  return { path: `schemas/${name}.schema.json`, text };
}
