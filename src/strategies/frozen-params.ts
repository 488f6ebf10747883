/**
 * Freezes plain objects and lists, with what they hold: parameters are shared by all symbols of a
 * strategy, and recorded with the run. Whatever a schema made of a class of its own stays as it is.
 */
export function frozenParams(params: unknown): unknown {
  if (typeof params !== 'object' || params === null || Object.isFrozen(params)) return params;
  if (!Array.isArray(params) && !isPlain(params)) return params;
  Object.freeze(params);
  for (const each of Object.values(params)) frozenParams(each);
  return params;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
