import { join } from 'node:path';
import { takeLock, type HeldLock } from '../../adapters/sqlite/instance-lock.ts';
import { SYSTEM_CLOCK } from '../../adapters/system/system-clock.ts';
import { SYSTEM_TIMER } from '../../adapters/system/system-timer.ts';
import { Decimal } from '../../core/decimal.ts';
import { ConfigError } from '../../core/errors.ts';
import type { LiveVenueSettings } from '../../execution/live/live-venue.ts';
import type {
  AccountIdentity,
  ExchangeAccount,
  VenueBalance,
} from '../../ports/exchange-account.ts';
import { sha256 } from '../content-hash.ts';
import { exchangeChecks } from '../doctor/exchange-checks.ts';
import type { Finding } from '../doctor/finding.ts';
import { localChecks } from '../doctor/run-doctor.ts';
import { stateDirectory } from '../environment.ts';
import { openExchangeAccount, openQuoteSource } from '../exchange-accounts.ts';
import { liveVenueState } from './session-state.ts';
import { AccountVenue } from './account-venue.ts';
import type { AccountRequest, TradingAccount, VenueContext } from './trading-account.ts';

const LIVE_SETTINGS: Omit<LiveVenueSettings, 'createsPerMinute'> = {
  pollMs: 5_000,
  balanceMs: 60_000,
  cashTolerance: Decimal.parse('0.01'),
  startAttempts: 5,
};
/** A price that old says nothing of what an order would fill at. */
const QUOTE_STALE_MS = 60_000;

/** Real money. Throws a `ConfigError` that names the first thing that keeps it from being traded. */
export async function openLiveAccount(request: AccountRequest): Promise<TradingAccount> {
  const { workspace, market, signal, silence } = request;
  const { config, options } = workspace;
  requireEnabled(request);
  refuseFailures(localChecks(workspace));
  const settings = { config, environment: options.environment, silence };
  const { symbols } = market;
  const account = await openExchangeAccount(market.exchange, { ...settings, symbols });
  let lock: HeldLock | null = null;
  try {
    const identity = await account.identify(signal);
    requireConfirmed(request, identity);
    const findings = await rightsOf(account, request);
    refuseFailures(findings);
    lock = lockAccount(market.exchange, identity, workspace.databasePath);
    const balances = await account.balances(signal);
    const quotes = await openQuoteSource(market.exchange, settings);
    const held = lock;
    return {
      owner: { mode: 'live', exchange: market.exchange, account: identity.accountId },
      capital: capitalOf(balances, request),
      balances: balances.filter(({ total }) => total.isPositive),
      notes: findings.filter(({ verdict }) => verdict === 'warn').map(({ text }) => text),
      requestValidityMs: account.capabilities.requestValidityMs,
      makeVenue: (context) => accountVenue(account, context, { workspace, quotes }),
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

function accountVenue(
  account: ExchangeAccount,
  { plan, run, links, restored, engine, feedParts }: VenueContext,
  {
    workspace,
    quotes,
  }: {
    readonly workspace: AccountRequest['workspace'];
    readonly quotes: Awaited<ReturnType<typeof openQuoteSource>>;
  },
): AccountVenue {
  const { config, logger } = workspace;
  const { clock } = feedParts;
  return new AccountVenue({
    venue: {
      account,
      ledger: run.venueLedger,
      intake: links.intake,
      clock,
      timer: SYSTEM_TIMER,
      logger,
      instrumentOf: (symbol) => plan.instruments.at(symbol, clock.now()),
      symbols: plan.symbols,
      nonce: run.nonce,
      sha256,
      restored: liveVenueState(restored),
      settings: { ...LIVE_SETTINGS, createsPerMinute: config.live.maxCreatesPerMinute },
      mayEnter: links.mayEnter,
      onGate: links.onGate,
    },
    quote: (quote) => engine().quote(quote),
    quotes: {
      source: quotes,
      everyMs: config.data.quoteSeconds * 1000,
      staleAfterMs: QUOTE_STALE_MS,
      clock,
      timer: SYSTEM_TIMER,
      logger,
    },
  });
}

function requireEnabled({ workspace }: AccountRequest): void {
  if (workspace.config.live.enabled) return;
  throw new ConfigError(
    'live.enabled: true was expected in the configuration for trading real money, was false; try ' +
      '"quantsage paper" first, and look at "quantsage doctor"',
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

async function rightsOf(
  account: ExchangeAccount,
  { workspace, signal }: AccountRequest,
): Promise<readonly Finding[]> {
  return exchangeChecks(
    {
      source: account,
      account,
      clock: SYSTEM_CLOCK,
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
  databasePath: string,
): HeldLock {
  const name = `${exchange}-${sha256(accountId).slice(0, 16)}.lock`;
  return takeLock({
    path: join(stateDirectory(), 'locks', name),
    purpose: `live trading of ${exchange} account ${accountId} with ${databasePath}`,
    now: SYSTEM_CLOCK.now(),
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
