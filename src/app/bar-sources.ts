import { newSilence, type Silence } from '../adapters/ccxt/silence.ts';
import type { Config } from '../config/config-schema.ts';
import { nearest } from '../config/nearest.ts';
import type { BarSource } from '../ports/bar-source.ts';
import type { Environment } from './environment.ts';
import type { Machine } from './machine.ts';

export interface SourceSettings {
  readonly config: Config;
  readonly environment: Environment;
  /** Candles are to be streamed where the venue can: costs a larger client. */
  readonly streaming: boolean;
  /** Absent for the one this program runs on. */
  readonly machine?: Pick<Machine, 'network'>;
  /** Shared by all that ask this exchange; none where nobody else does. */
  readonly silence?: Silence;
}

/** The source of an exchange by its id; its client is loaded now, not before. */
export async function openBarSource(
  exchange: string,
  { config, environment, streaming, machine, silence = newSilence() }: SourceSettings,
): Promise<BarSource> {
  const { endpoints, timeoutSeconds, adjustment, alpacaFeed } = config.data;
  const endpoint = endpoints[exchange] ?? null;
  const timeoutMs = timeoutSeconds * 1000;
  const network = machine?.network ?? null;
  if (exchange === 'alpaca') {
    const { createAlpacaBarSource } = await import('../adapters/alpaca/alpaca-bar-source.ts');
    const keyId = environment.secret('APCA_API_KEY_ID');
    const secret = environment.secret('APCA_API_SECRET_KEY');
    const account = { keyId, secret, feed: alpacaFeed };
    const ways = network === null ? {} : { network };
    return createAlpacaBarSource({ ...account, adjustment, endpoint, timeoutMs, ...ways });
  }
  const { createCcxtBarSource } = await import('../adapters/ccxt/create-ccxt-bar-source.ts');
  return createCcxtBarSource({
    exchange,
    endpoint,
    timeoutMs,
    nearest,
    silence,
    streaming: streaming && network === null,
    ...(network === null ? {} : { network }),
  });
}
