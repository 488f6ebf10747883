import * as z from 'zod';

/** A parameter that is misspelt must not pass for one that is set. */
export function strictParams(params: z.ZodType): z.ZodType {
  const isPlain = params instanceof z.ZodObject && params.def.catchall === undefined;
  return isPlain ? params.strict() : params;
}
