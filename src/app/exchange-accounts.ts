import type { Config } from '../config/config-schema.ts';
import { nearest } from '../config/nearest.ts';
import { ASSET_CLASSES } from '../core/instrument.ts';
import type { ExchangeAccount } from '../ports/exchange-account.ts';
import type { QuoteSource } from '../ports/quote-source.ts';
import type { Environment } from './environment.ts';
import { THIS_MACHINE, type Machine } from './machine.ts';

interface AccountSettings {
  readonly config: Config;
  readonly environment: Environment;
  /** Absent for the one this program runs on. */
  readonly machine?: Machine;
}

/** The account whose keys are in the environment; its client is loaded now, not before. */
export async function openExchangeAccount(
  exchange: string,
  settings: AccountSettings,
): Promise<ExchangeAccount> {
  const { config, environment } = settings;
  if (exchange === 'alpaca') return openAlpaca(settings);
  const { createCcxtVenue } = await import('../adapters/ccxt/account/create-ccxt-venue.ts');
  return createCcxtVenue({
    exchange,
    ...connectionOf(exchange, config),
    ...waysOf(settings),
    nearest,
    secret: (name) => environment.secret(name),
  });
}

/** Present prices of an exchange. */
export async function openQuoteSource(
  exchange: string,
  settings: AccountSettings,
): Promise<QuoteSource> {
  if (exchange === 'alpaca') return openAlpaca(settings);
  const { createCcxtQuoteSource } = await import('../adapters/ccxt/account/create-ccxt-venue.ts');
  const connection = connectionOf(exchange, settings.config);
  return createCcxtQuoteSource({ exchange, ...connection, ...waysOf(settings), nearest });
}

async function openAlpaca({ config, environment, machine = THIS_MACHINE }: AccountSettings) {
  const { createAlpacaVenue } = await import('../adapters/alpaca/create-alpaca-venue.ts');
  return createAlpacaVenue({
    keyId: environment.secret('APCA_API_KEY_ID'),
    secret: environment.secret('APCA_API_SECRET_KEY'),
    paper: config.live.alpacaPaper,
    feed: config.data.alpacaFeed,
    assetClasses: ASSET_CLASSES,
    ...connectionOf('alpaca', config),
    clock: machine.clock,
    timer: machine.timer,
  });
}

function connectionOf(exchange: string, { data }: Config) {
  return { endpoint: data.endpoints[exchange] ?? null, timeoutMs: data.timeoutSeconds * 1000 };
}

function waysOf({ machine: { clock, network } = THIS_MACHINE }: AccountSettings) {
  return network === null ? { clock } : { clock, network };
}
