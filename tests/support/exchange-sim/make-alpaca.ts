import { ALPACA_RULES, AlpacaFrontEnd } from './alpaca-front-end.ts';
import { ExchangeCore } from './exchange-core.ts';
import { listing, type Credentials, type MakeOptions } from './make-exchange.ts';

interface MadeAlpaca {
  readonly core: ExchangeCore;
  readonly frontEnd: AlpacaFrontEnd;
  readonly credentials: Credentials;
}

/** As Alpaca lists them; stocks with a currency here, without one on the wire. */
const LISTINGS = [
  listing('AAPL/USD', {
    price: '200',
    lotStep: '0.000000001',
    minQuantity: '0.000000001',
    minNotional: '1',
  }),
  listing('MSFT/USD', {
    price: '400',
    lotStep: '0.000000001',
    minQuantity: '0.000000001',
    minNotional: '1',
  }),
  listing('BTC/USD', { lotStep: '0.000000001', minQuantity: '0.00001', minNotional: '10' }),
  listing('ETH/USD', { price: '2500', lotStep: '0.000000001', minNotional: '10' }),
];
const BALANCES = { USD: '100000', AAPL: '100', BTC: '1', ETH: '10' };

/** The pair that opens the account, of a paper account; made up. */
const CREDENTIALS: Credentials = {
  apiKey: 'PKCANARYALPACA000001',
  secret: 'canary/Alpaca+secret=0000000000000000001',
};

/** Alpaca's rules and format, with money, shares and coins on the account. */
export function makeAlpaca({ clock, listings, balances, policy }: MakeOptions): MadeAlpaca {
  const core = new ExchangeCore({
    clock,
    rules: ALPACA_RULES,
    listings: listings ?? LISTINGS,
    balances: balances ?? BALANCES,
    ...(policy !== undefined && { policy }),
  });
  return { core, frontEnd: new AlpacaFrontEnd(core, CREDENTIALS), credentials: CREDENTIALS };
}
