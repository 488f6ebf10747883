import { assetClassOf, type AssetClass } from '../../core/instrument.ts';
import type { OrderPricing, TimeInForce } from '../../core/order.ts';
import type { VenueCapabilities, VenueOrder } from '../../ports/exchange-account.ts';

type OrderType = OrderPricing['type'];

/** Times in force by type of order; a type that is not there is not taken. */
type OrderRules = Readonly<Partial<Record<OrderType, readonly TimeInForce[]>>>;

type OrderKind = 'whole shares' | 'fractions of a share' | 'crypto';

/**
 * What Alpaca takes, by what is traded. Its `opg` and `cls` have no name here. A trailing stop begins
 * at the market of the moment it arrives, whatever stop price it was thought with.
 */
const RULES: Readonly<Record<OrderKind, OrderRules>> = {
  'whole shares': {
    market: ['day', 'gtc', 'ioc', 'fok'],
    limit: ['day', 'gtc', 'ioc', 'fok'],
    stop: ['day', 'gtc'],
    stop_limit: ['day', 'gtc'],
    trailing_stop: ['day', 'gtc'],
  },
  'fractions of a share': { market: ['day'], limit: ['day'], stop: ['day'], stop_limit: ['day'] },
  crypto: { market: ['gtc', 'ioc'], limit: ['gtc', 'ioc'], stop_limit: ['gtc', 'ioc'] },
};

/**
 * Alpaca says nothing of how long a request may be under way before it is no longer taken: the
 * longest any exchange allows.
 */
const REQUEST_VALIDITY_MS = 60_000;

/** 200 requests a minute are for everything: one such read must leave room for the others. */
const READ_PAUSE_MS = 3_000;

export interface TradedKinds {
  readonly assetClasses: readonly AssetClass[];
  /** Whether shares may be cut; orders for parts of one last a day at most. */
  readonly fractionalShares: boolean;
}

/** What holds for every order of an account that trades these kinds. */
export function capabilitiesOf({ assetClasses, fractionalShares }: TradedKinds): VenueCapabilities {
  const rules = [
    ...(assetClasses.includes('crypto') ? [RULES.crypto] : []),
    ...(assetClasses.includes('stock') ? [RULES['whole shares']] : []),
    ...(assetClasses.includes('stock') && fractionalShares ? [RULES['fractions of a share']] : []),
  ];
  const orderTypes = (
    ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'] satisfies OrderType[]
  ).filter((type) => rules.every((each) => each[type] !== undefined));
  const timesInForce = (['gtc', 'day', 'ioc', 'fok'] satisfies TimeInForce[]).filter((time) =>
    rules.every((each) => each.limit?.includes(time) === true),
  );
  return {
    orderTypes: new Set(orderTypes),
    timesInForce: new Set(timesInForce),
    clientIdField: 'client_order_id',
    findsByClientId: true,
    // A stop that ends with the day leaves the night unprotected.
    restsStops: orderTypes.includes('stop') && timesInForce.includes('gtc'),
    // The first of them holds all that there is to sell.
    restsBothExits: false,
    requestValidityMs: REQUEST_VALIDITY_MS,
    readPauseMs: READ_PAUSE_MS,
  };
}

/** Why Alpaca would not take an order whatever the account holds, in words; null where it may. */
export function ruleBreach(order: VenueOrder): string | null {
  const kind = kindOf(order);
  const times = RULES[kind][order.type];
  if (times === undefined) {
    const types = Object.keys(RULES[kind]).join(', ');
    return `an order for ${kind} of type ${types} was expected, was ${order.type}`;
  }
  if (times.includes(order.timeInForce)) return null;
  return (
    `a ${order.type} order for ${kind} with time in force ${times.join(', ')} was expected, ` +
    `was ${order.timeInForce}`
  );
}

function kindOf({ symbol, quantity }: VenueOrder): OrderKind {
  if (assetClassOf(symbol) === 'crypto') return 'crypto';
  return quantity.toString().includes('.') ? 'fractions of a share' : 'whole shares';
}
