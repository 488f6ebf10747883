/** Answers of Alpaca as its documentation shows them. */

export function orderRow(change: object = {}): object {
  return {
    id: '61e69015-8549-4bfd-b9c3-01e75843f47d',
    client_order_id: 'qsabcdefghijklmnop',
    created_at: '2026-06-10T11:58:01.123456Z',
    updated_at: '2026-06-10T11:59:01.123456Z',
    submitted_at: '2026-06-10T11:58:01.123456Z',
    filled_at: null,
    expired_at: null,
    canceled_at: null,
    failed_at: null,
    replaced_at: null,
    asset_id: '904837e3-3b76-47ec-b432-046db621571b',
    symbol: 'AAPL',
    asset_class: 'us_equity',
    notional: null,
    qty: '2',
    filled_qty: '0',
    filled_avg_price: null,
    order_class: '',
    type: 'limit',
    side: 'buy',
    time_in_force: 'gtc',
    limit_price: '150',
    stop_price: null,
    status: 'new',
    legs: null,
    ...change,
  };
}

export function fillRow(change: object = {}): object {
  return {
    id: '20260610120000000::8efc7b9a-8b2b-4000-9955-d36e7db0df74',
    activity_type: 'FILL',
    transaction_time: '2026-06-10T16:00:00.123456Z',
    type: 'partial_fill',
    price: '150.25',
    qty: '0.5',
    side: 'buy',
    symbol: 'AAPL',
    leaves_qty: '1.5',
    order_id: '61e69015-8549-4bfd-b9c3-01e75843f47d',
    cum_qty: '0.5',
    order_status: 'partially_filled',
    ...change,
  };
}

export function feeRow(change: object = {}): object {
  return {
    id: '20220812000000000::53be51ba-46f9-43de-b81f-576f241dc680',
    activity_type: 'CFEE',
    date: '2022-08-12',
    net_amount: '0',
    description: 'Coin Pair Transaction Fee (Non USD)',
    symbol: 'ETHUSD',
    qty: '-0.000195',
    price: '1884.5',
    status: 'executed',
    ...change,
  };
}

export function accountRow(change: object = {}): object {
  return {
    id: 'e6fe16f3-64a4-4921-8928-cadf02f92f98',
    account_number: 'PA3ABCDEFGHI',
    status: 'ACTIVE',
    currency: 'USD',
    cash: '1000.5',
    non_marginable_buying_power: '900.25',
    buying_power: '2000',
    trading_blocked: false,
    transfers_blocked: false,
    account_blocked: false,
    trade_suspended_by_user: false,
    ...change,
  };
}

export function positionRow(change: object = {}): object {
  return {
    asset_id: '904837e3-3b76-47ec-b432-046db621571b',
    symbol: 'AAPL',
    asset_class: 'us_equity',
    qty: '5',
    qty_available: '4',
    side: 'long',
    avg_entry_price: '100.0',
    ...change,
  };
}
