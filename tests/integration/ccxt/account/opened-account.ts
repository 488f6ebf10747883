import type { CallerParts } from '../../../../src/adapters/ccxt/account/account-caller.ts';
import { CcxtVenue } from '../../../../src/adapters/ccxt/account/ccxt-venue.ts';
import { tradedVenue } from '../../../../src/adapters/ccxt/account/venue-table.ts';
import { CALL_SCOPES } from '../../../../src/adapters/ccxt/call-scope.ts';
import { loadExchangeClass } from '../../../../src/adapters/ccxt/exchange-class.ts';
import { guardedFetch } from '../../../../src/adapters/ccxt/guarded-fetch.ts';
import { openExchange } from '../../../../src/adapters/ccxt/open-exchange.ts';
import { profileOf } from '../../../../src/adapters/ccxt/venue-profile.ts';
import { redactor } from '../../../../src/adapters/http/redaction.ts';
import { nearest } from '../../../../src/config/nearest.ts';
import type { ExchangeCore } from '../../../support/exchange-sim/exchange-core.ts';
import { makeExchange, type VenueId } from '../../../support/exchange-sim/make-exchange.ts';
import { serveOnLoopback } from '../../../support/exchange-sim/serve-on-loopback.ts';
import type { FrontEnd } from '../../../support/exchange-sim/wire.ts';

export interface OpenedAccount {
  readonly core: ExchangeCore;
  readonly account: CcxtVenue;
  readonly parts: CallerParts;
  readonly url: string;
  readonly secrets: readonly string[];
  stop(): Promise<void>;
}

export const SYSTEM = { now: () => Date.now() };

/** An account of which a test can reach the inside; `bend` changes what the exchange answers. */
export async function openAccount(
  venue: VenueId,
  bend: (frontEnd: FrontEnd) => Partial<FrontEnd> = () => ({}),
): Promise<OpenedAccount> {
  const { core, frontEnd, credentials } = makeExchange(venue, { clock: SYSTEM });
  const server = await serveOnLoopback(core, bent(frontEnd, bend(frontEnd)));
  const scopes = CALL_SCOPES;
  const closing = new AbortController();
  const fetch = guardedFetch({
    exchange: venue,
    timeoutMs: 10_000,
    maxBodyBytes: 1_000_000,
    scopes,
    closing: closing.signal,
  });
  const exchange = await openExchange(await loadExchangeClass(venue, false, nearest), {
    endpoint: server.url,
    timeoutMs: 10_000,
    profile: profileOf(venue),
    fetch,
    credentials,
    scopes,
  });
  const secrets = [credentials.apiKey, credentials.secret];
  const redact = redactor(secrets);
  const parts = { exchange, scopes, clock: SYSTEM, nearest, redact, closing };
  const account = new CcxtVenue(parts, tradedVenue(venue));
  return {
    core,
    account,
    parts,
    url: server.url,
    secrets,
    stop: async () => {
      await account.close();
      await server.stop();
    },
  };
}

/** A front end with some of its ways changed. */
function bent(frontEnd: FrontEnd, change: Partial<FrontEnd>): FrontEnd {
  return {
    exchange: frontEnd.exchange,
    callOf: (request) => frontEnd.callOf(request),
    subjectOf: (request) => frontEnd.subjectOf(request),
    answer: (request) => frontEnd.answer(request),
    trouble: (trouble) => frontEnd.trouble(trouble),
    withoutId: (response) => frontEnd.withoutId(response),
    ...change,
  };
}
