import * as z from 'zod';
import { InvariantError } from '../../../core/errors.ts';
import type { CcxtExchange } from '../ccxt-exchange.ts';
import type { WireCall } from './wire.ts';

const implicitMethod = z.custom<(params: object) => Promise<unknown>>(
  (value) => typeof value === 'function',
);

/** Sends one request by a method that ccxt makes for every address of a venue. */
export function implicitCall(
  exchange: CcxtExchange,
  { method, params }: WireCall,
): Promise<unknown> {
  const { data } = implicitMethod.safeParse(Reflect.get(exchange, method));
  if (data === undefined) throw new InvariantError(`ccxt's ${exchange.id} has no ${method}`);
  return data.call(exchange, { ...params });
}
