import { QuantSageError } from '../../core/errors.ts';
import type { BarSource } from '../../ports/bar-source.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AccountIdentity, ExchangeAccount } from '../../ports/exchange-account.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

interface ExchangeParts {
  readonly source: Pick<BarSource, 'exchange' | 'serverTime'>;
  /** Null where there are no keys. */
  readonly account: Pick<ExchangeAccount, 'exchange' | 'identify' | 'capabilities'> | null;
  readonly clock: Clock;
  /** Why there is no account; null where there is one. */
  readonly problem: string | null;
  /** Keys that may withdraw are borne. */
  readonly allowsWithdrawal: boolean;
}

const OFFSET_WARNED_MS = 1_000;

/** Asks an exchange what time it is, and what the keys may do. */
export async function exchangeChecks(
  parts: ExchangeParts,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const clock = await clockCheck(parts, signal);
  if (parts.account === null) {
    return [clock, warn('keys', `${parts.problem ?? 'none'}; paper trading needs none`)];
  }
  return [clock, ...(await accountChecks(parts.account, parts, signal))];
}

/** Whether orders would arrive in time, by this machine's clock; `exchange` where it does not answer. */
export async function clockCheck(
  { source, account, clock }: Omit<ExchangeParts, 'allowsWithdrawal' | 'problem'>,
  signal: AbortSignal,
): Promise<Finding> {
  const { exchange } = source;
  const before = clock.now();
  let theirs: number;
  try {
    theirs = await source.serverTime(signal);
  } catch (error) {
    return fail('exchange', `${exchange} was expected to answer: ${sentenceOf(error)}`);
  }
  const offset = Math.round(theirs - (before + clock.now()) / 2);
  const text = `this machine's clock is ${Math.abs(offset)} ms ${offset > 0 ? 'behind' : 'ahead of'} ${exchange}'s`;
  const most = (account?.capabilities.requestValidityMs ?? 60_000) / 2;
  if (Math.abs(offset) > most) {
    return fail(
      'clock',
      `${text}; orders would be refused: set the clock (timedatectl set-ntp true)`,
    );
  }
  return Math.abs(offset) > OFFSET_WARNED_MS
    ? warn('clock', `${text}; set the clock (timedatectl set-ntp true)`)
    : ok('clock', text);
}

async function accountChecks(
  account: Pick<ExchangeAccount, 'exchange' | 'identify'>,
  { allowsWithdrawal }: ExchangeParts,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  let identity: AccountIdentity;
  try {
    identity = await account.identify(signal);
  } catch (error) {
    return [
      fail('keys', `the keys of ${account.exchange} were expected to work: ${sentenceOf(error)}`),
    ];
  }
  return [
    ok('account', `${account.exchange}, account ${identity.accountId}`),
    tradingRight(identity),
    withdrawalRight(identity, allowsWithdrawal),
  ];
}

function tradingRight({ mayTrade }: AccountIdentity): Finding {
  if (mayTrade === null)
    return warn('trading right', 'the exchange does not say whether the keys may trade');
  return mayTrade
    ? ok('trading right', 'the keys may trade')
    : fail('trading right', 'keys that may trade were expected; make some with that right alone');
}

/** Whoever steals keys without this right cannot take the money away. */
function withdrawalRight({ mayWithdraw }: AccountIdentity, isAllowed: boolean): Finding {
  const check = 'withdrawal right';
  if (mayWithdraw === null) {
    return warn(
      check,
      'the exchange does not say whether the keys may withdraw; look there yourself',
    );
  }
  if (!mayWithdraw) return ok(check, 'the keys may not withdraw');
  const remedy = 'make keys without that right, and limit them to your address';
  return isAllowed
    ? warn(check, `the keys may withdraw, which live.allow_withdrawal_keys lets pass; ${remedy}`)
    : fail(check, `keys that may not withdraw were expected; ${remedy}`);
}

function sentenceOf(error: unknown): string {
  if (error instanceof QuantSageError) return error.message;
  throw error;
}
