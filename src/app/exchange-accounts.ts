import { newSilence, type Silence } from '../adapters/ccxt/silence.ts';
import type { Config } from '../config/config-schema.ts';
import { nearest } from '../config/nearest.ts';
import { assetClassOf, type SymbolName } from '../core/instrument.ts';
import type { ExchangeAccount } from '../ports/exchange-account.ts';
import type { QuoteSource } from '../ports/quote-source.ts';
import type { Environment } from './environment.ts';
import { THIS_MACHINE, type Machine } from './machine.ts';

interface QuoteSettings {
  readonly config: Config;
  readonly environment: Environment;
  /** Absent for the one this program runs on. */
  readonly machine?: Machine;
  /** Shared by all that ask this exchange; none where nobody else does. */
  readonly silence?: Silence;
}

interface AccountSettings extends QuoteSettings {
  /** That are traded: what an account can do may depend on what it trades. */
  readonly symbols: readonly SymbolName[];
}

/** The account whose keys are in the environment; its client is loaded now, not before. */
export async function openExchangeAccount(
  exchange: string,
  settings: AccountSettings,
): Promise<ExchangeAccount> {
  const { config, environment, silence = newSilence() } = settings;
  if (exchange === 'alpaca') return openAlpaca(settings);
  const { createCcxtVenue } = await import('../adapters/ccxt/account/create-ccxt-venue.ts');
  return createCcxtVenue({
    exchange,
    ...connectionOf(exchange, config),
    ...waysOf(settings),
    nearest,
    silence,
    secret: (name) => environment.secret(name),
  });
}

/** Present prices of an exchange. */
export async function openQuoteSource(
  exchange: string,
  settings: QuoteSettings,
): Promise<QuoteSource & Pick<ExchangeAccount, 'close'>> {
  if (exchange === 'alpaca') return openAlpaca({ ...settings, symbols: [] });
  const { createCcxtQuoteSource } = await import('../adapters/ccxt/account/create-ccxt-venue.ts');
  const { config, silence = newSilence() } = settings;
  const connection = connectionOf(exchange, config);
  return createCcxtQuoteSource({ exchange, ...connection, ...waysOf(settings), nearest, silence });
}

async function openAlpaca({
  config,
  environment,
  symbols,
  machine = THIS_MACHINE,
}: AccountSettings) {
  const { createAlpacaVenue } = await import('../adapters/alpaca/create-alpaca-venue.ts');
  return createAlpacaVenue({
    keyId: environment.secret('APCA_API_KEY_ID'),
    secret: environment.secret('APCA_API_SECRET_KEY'),
    paper: config.live.alpacaPaper,
    feed: config.data.alpacaFeed,
    assetClasses: [...new Set(symbols.map(assetClassOf))],
    ...connectionOf('alpaca', config),
    ...(machine.network !== null && { network: machine.network }),
    clock: machine.clock,
    timer: machine.timer,
  });
}

function connectionOf(exchange: string, { data }: Config) {
  return { endpoint: data.endpoints[exchange] ?? null, timeoutMs: data.timeoutSeconds * 1000 };
}

function waysOf({ machine: { clock, network } = THIS_MACHINE }: QuoteSettings) {
  return network === null ? { clock } : { clock, network };
}
