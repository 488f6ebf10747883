import { join } from 'node:path';
import { takeLock, type HeldLock } from '../../adapters/sqlite/instance-lock.ts';
import { Decimal } from '../../core/decimal.ts';
import { ConfigError } from '../../core/errors.ts';
import type {
  AccountIdentity,
  ExchangeAccount,
  VenueBalance,
} from '../../ports/exchange-account.ts';
import { sha256 } from '../content-hash.ts';
import { clockCheck, exchangeChecks } from '../doctor/exchange-checks.ts';
import type { Finding } from '../doctor/finding.ts';
import { localChecks } from '../doctor/run-doctor.ts';
import { stateDirectory } from '../environment.ts';
import { openExchangeAccount, openQuoteSource } from '../exchange-accounts.ts';
import { exchangeVenue } from './exchange-venue.ts';
import type { AccountRequest, TradingAccount } from './trading-account.ts';

/** Real money. Throws a `ConfigError` that names the first thing that keeps it from being traded. */
export async function openLiveAccount(request: AccountRequest): Promise<TradingAccount> {
  const { workspace, market, faults, signal, silence } = request;
  const { config, options, machine } = workspace;
  requireEnabled(request);
  requireSizes(request);
  refuseFailures(localChecks(workspace));
  const settings = { config, environment: options.environment, machine, silence };
  const { symbols } = market;
  const account = await openExchangeAccount(market.exchange, { ...settings, symbols });
  let lock: HeldLock | null = null;
  try {
    await refuseClock(account, request);
    const identity = await account.identify(signal);
    requireConfirmed(request, identity);
    const findings = await rightsOf(account, request);
    refuseFailures(findings);
    lock = lockAccount(market.exchange, identity, workspace);
    const balances = await account.balances(signal);
    const quotes = await openQuoteSource(market.exchange, settings);
    const held = lock;
    return {
      owner: { mode: 'live', exchange: market.exchange, account: identity.accountId },
      capital: () => capitalOf(balances, request),
      balances: balances.filter(({ total }) => total.isPositive),
      notes: findings.filter(({ verdict }) => verdict === 'warn').map(({ text }) => text),
      requestValidityMs: account.capabilities.requestValidityMs,
      makeVenue: (context) =>
        exchangeVenue({
          ...context,
          account: faults.watching(account, 'account'),
          quotes: faults.watching(quotes, 'quotes'),
          config,
          logger: workspace.logger,
          timer: machine.timer,
        }),
      close: async () => {
        held.release();
        await Promise.all([account.close(), quotes.close()]);
      },
    };
  } catch (error) {
    lock?.release();
    await account.close();
    throw error;
  }
}

function requireEnabled({ workspace }: AccountRequest): void {
  if (workspace.config.live.enabled) return;
  throw new ConfigError(
    'live.enabled: true was expected in the configuration for trading real money, was false; try ' +
      '"quantsage paper" first, and look at "quantsage doctor"',
  );
}

/** An exchange is told a quantity; what the funds will be at the fill, nobody knows by then. */
function requireSizes({ workspace }: AccountRequest): void {
  const { positionSizing } = workspace.config;
  if (positionSizing.method !== 'all_in' || positionSizing.evaluateAt === 'decision') return;
  throw new ConfigError(
    'position_sizing.evaluate_at: decision was expected for trading real money, was "fill"; no ' +
      'exchange sizes an order when it fills',
  );
}

function requireConfirmed(
  { confirmed, market }: AccountRequest,
  { accountId }: AccountIdentity,
): void {
  if (confirmed === accountId) return;
  const was = confirmed === null ? 'not given' : `"${confirmed}"`;
  throw new ConfigError(
    `--confirm-live ${accountId} was expected, the account of these keys at ${market.exchange}, was ` +
      `${was}; give it where this is the account you mean`,
  );
}

/** A clock that is off makes the exchange refuse the keys: that would be looked for in vain there. */
async function refuseClock(
  account: ExchangeAccount,
  { workspace, signal }: AccountRequest,
): Promise<void> {
  const { clock } = workspace.machine;
  const finding = await clockCheck({ source: account, account, clock }, signal);
  if (finding.check === 'clock') refuseFailures([finding]);
}

async function rightsOf(
  account: ExchangeAccount,
  { workspace, signal }: AccountRequest,
): Promise<readonly Finding[]> {
  return exchangeChecks(
    {
      source: account,
      account,
      problem: null,
      clock: workspace.machine.clock,
      allowsWithdrawal: workspace.config.live.allowWithdrawalKeys,
    },
    signal,
  );
}

function refuseFailures(findings: readonly Finding[]): void {
  const failed = findings.filter(({ verdict }) => verdict === 'fail');
  if (failed.length === 0) return;
  throw new ConfigError(failed.map(({ check, text }) => `${check}: ${text}`).join('\n'));
}

/** Another database of this machine may be about the same account: the lock is the account's own. */
function lockAccount(
  exchange: string,
  { accountId }: AccountIdentity,
  { databasePath, machine }: AccountRequest['workspace'],
): HeldLock {
  const name = `${exchange}-${sha256(accountId).slice(0, 16)}.lock`;
  return takeLock({
    path: join(stateDirectory(), 'locks', name),
    purpose: `live trading of ${exchange} account ${accountId} with ${databasePath}`,
    now: machine.clock.now(),
  });
}

/** What there is, but no more than the configuration lets the engine have. */
function capitalOf(
  balances: readonly VenueBalance[],
  { workspace, market }: AccountRequest,
): Decimal {
  const cash = balances.find(({ currency }) => currency === market.currency)?.total ?? Decimal.zero;
  const most = Decimal.fromNumber(workspace.config.portfolio.initialCapital);
  const capital = cash.min(most);
  if (capital.isPositive) return capital;
  throw new ConfigError(
    `${market.currency} to trade with was expected in the account at ${market.exchange}, was ` +
      `${cash.toString()}; deposit some, or trade symbols of another currency`,
  );
}
