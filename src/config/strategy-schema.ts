import * as z from 'zod';
import { name, section, symbols, timeframe } from './schema-fields.ts';

/** A file of `config/strategies`, with the parameters of its kind. */
export function strategySchema(params: z.ZodType) {
  return section({
    strategy: name().describe('Kind of strategy'),
    symbols: symbols()
      .nullable()
      .default(null)
      .describe('What it trades; null takes data.symbols of config.yaml'),
    timeframe: timeframe()
      .nullable()
      .default(null)
      .describe('Bars it decides on; null takes data.timeframe of config.yaml'),
    allow_short: z.boolean().default(false).describe('Whether it may sell what it does not hold'),
    params: params.prefault({}).describe('Parameters of the strategy'),
  });
}
