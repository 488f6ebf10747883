import { nearest } from '../../../src/config/nearest.ts';
import {
  createCcxtBarSource,
  type CcxtOptions,
} from '../../../src/adapters/ccxt/create-ccxt-bar-source.ts';
import type { BarSource } from '../../../src/ports/bar-source.ts';
import type { LoopbackServer } from '../../support/exchanges/loopback-server.ts';

/** A source that asks a server on this machine; impatient, for nothing there takes long. */
export function openSource(
  exchange: string,
  server: LoopbackServer | string,
  options: Partial<CcxtOptions> = {},
): Promise<BarSource> {
  return createCcxtBarSource({
    exchange,
    endpoint: typeof server === 'string' ? server : server.url,
    timeoutMs: 10_000,
    streaming: false,
    nearest,
    ...options,
  });
}
