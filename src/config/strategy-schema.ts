import * as z from 'zod';
import { section, symbols, timeframe } from './schema-fields.ts';

/** A file of `config/strategies`, with the parameters of its kind. */
export function strategySchema(params: z.ZodType) {
  return section({
    strategy: kind().describe(
      "Kind of strategy, or the path of a file of one's own, relative to this one",
    ),
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

function kind() {
  const expected = 'a kind of strategy or a .ts, .js or .mjs file';
  return z.string(expected).regex(/^(?:[a-z][a-z0-9_]{0,63}|.{1,1024}\.[cm]?[jt]s)$/, expected);
}
