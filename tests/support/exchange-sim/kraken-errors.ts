import type { Refusal } from './exchange-types.ts';

/** An error as Kraken answers it, with status 200: https://docs.kraken.com/api/docs/guides/spot-errors */
export class KrakenError extends Error {
  readonly body: { readonly error: readonly string[] };

  constructor(text: string) {
    super(text);
    this.body = { error: [text] };
  }
}

const REFUSALS: Readonly<Record<Refusal, string>> = {
  'unknown-symbol': 'EQuery:Unknown asset pair',
  'not-trading': 'EService:Market in cancel_only mode',
  'lot-step': 'EGeneral:Invalid arguments:volume',
  'min-quantity': 'EGeneral:Invalid arguments:volume minimum not met',
  'tick-size': 'EOrder:Invalid price:Invalid price argument',
  'min-notional': 'EOrder:Cost minimum not met',
  'price-band': 'EOrder:Invalid price',
  funds: 'EOrder:Insufficient funds',
  'duplicate-id': 'EGeneral:Invalid arguments:cl_ord_id',
  'would-trigger': 'EGeneral:Invalid arguments:price',
  'would-take': 'EOrder:Post only order',
  'bad-order': 'EGeneral:Invalid arguments:price',
};

export function krakenRefusal(reason: Refusal): string {
  return REFUSALS[reason];
}
