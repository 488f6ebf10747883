/** One place of the program that is made wrong: the text stands there exactly once. */
interface Edit {
  /** Under `src`, without an ending. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface PlantedBug {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Of these edits, the last is no bug: alone, it has to break nothing. */
  readonly isLastHarmless?: boolean;
}

const LIVE = 'execution/live';

/** What trading engines have got wrong, one by one; each is to be found by what worlds are held against. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'persist after send',
    edits: [
      {
        file: 'app/trading/engine-session',
        from: 'this.#record();',
        to: `const held = this.#events;
          setImmediate(() => {
            this.#events = held;
            try { this.#record(); } catch {}
            this.#events = [];
          });`,
      },
    ],
  },
  {
    name: 'no client id',
    edits: [
      {
        file: 'adapters/ccxt/account/binance-orders',
        from: 'newClientOrderId: order.clientId,',
        to: '',
      },
      {
        file: 'adapters/ccxt/account/kraken-orders',
        from: 'cl_ord_id: order.clientId,',
        to: '',
      },
      {
        file: 'adapters/ccxt/account/coinbase-orders',
        from: 'client_order_id: order.clientId,',
        to: '',
      },
    ],
  },
  {
    name: 'retry POST on timeout',
    edits: [
      {
        file: `${LIVE}/order-sender`,
        from: 'return (await this.#inTime(this.#options.account.place(order))) ?? unanswered;',
        to: `const first = (await this.#inTime(this.#options.account.place(order))) ?? unanswered;
          if (first.kind !== 'unknown') return first;
          return (await this.#inTime(this.#options.account.place(order))) ?? unanswered;`,
      },
    ],
  },
  {
    name: 'not-found ⇒ rejected',
    edits: [
      {
        file: `${LIVE}/absence`,
        from: 'rounds < ROUNDS || spread < SPREAD_MS',
        to: 'rounds < 1',
      },
      {
        file: `${LIVE}/absence`,
        from: 'last.exchangeTime <= exchangeTime + requestValidityMs',
        to: 'false',
      },
    ],
  },
  {
    name: 'timeout ⇒ failed',
    edits: [
      {
        file: `${LIVE}/exchange-answers`,
        from: 'this.#desk.doubt(request.id, outcome.reason)',
        to: 'this.#failed(order, { reason: outcome.reason, mayPass: false })',
      },
    ],
  },
  {
    name: 'no fill dedupe',
    edits: [
      {
        file: `${LIVE}/trade-booking`,
        from: 'return this.#options.desk.options.ledger.trade(symbol, tradeId);',
        to: 'return null;',
      },
    ],
  },
  {
    name: 'dedupe in memory only',
    edits: [
      {
        file: 'adapters/sqlite/venue-ledger',
        from: "return this.#statements.trade.get(exchange, account ?? '', symbol, venueTradeId) ?? null;",
        to: 'return null;',
      },
      { file: 'adapters/sqlite/venue-ledger', from: 'this.#trades.clear();', to: '' },
    ],
  },
  {
    name: 'ignore base fee',
    edits: [
      {
        file: `${LIVE}/live-fill`,
        from: "return { fee: amount.times(price), commission: { takenFrom: 'base', currency, amount } };",
        to: 'return NO_FEE;',
      },
    ],
  },
  {
    name: 'cancel without re-read',
    edits: [
      {
        file: `${LIVE}/order-sender`,
        from: 'await this.#cancel({ clientId, venueId, symbol: request.symbol });',
        to: `await this.#cancel({ clientId, venueId, symbol: request.symbol });
          this.#options.core.absent(clientId, 'its cancellation was answered');`,
      },
    ],
  },
  {
    name: 'absent in one list ⇒ flat',
    edits: [
      {
        file: `${LIVE}/account-reader`,
        from: 'const unseen = await this.#find(unlisted(known, open), signal);',
        to: `const unseen = [];
          for (const order of unlisted(known, open)) core.absent(order.leg.clientId, 'not listed');`,
      },
    ],
  },
  {
    name: 'halt flag not persisted',
    edits: [
      {
        file: 'risk/system-guard',
        from: 'this.#halt = restored?.halt ?? null;',
        to: 'this.#halt = null;',
      },
    ],
  },
  {
    name: 'risk ignores open orders',
    edits: [{ file: 'risk/risk-manager', from: ', ...this.#working.exposures(entry)]', to: ']' }],
  },
  {
    name: 'risk ignores UNKNOWN',
    edits: [{ file: 'risk/unknown-orders', from: 'this.#orders.size === 0', to: 'true' }],
  },
  {
    name: '`>` instead of `!(<=)` with NaN',
    isLastHarmless: true,
    edits: [
      {
        file: 'risk/checks/equity-share',
        from: 'exposure <= limit * equity',
        to: '!(exposure > limit * equity)',
      },
      // Held goods of which no price is known: nothing else in these worlds is no number.
      {
        file: 'risk/exposure',
        from: 'const price = view.lastPrice(symbol);',
        to: "const price = symbol.startsWith('BTC') ? null : view.lastPrice(symbol);",
      },
    ],
  },
  {
    name: 'day-start equity reset on restart',
    edits: [
      {
        file: 'portfolio/account-marks',
        from: 'this.#dayOpening = restored.dayOpening;',
        to: 'this.#dayOpening = restored.equity;',
      },
    ],
  },
  {
    name: 'unfinished bar used',
    edits: [
      {
        file: 'data/collect/collect-plan',
        from: 'return gridFloor(now - graceMs, timeframe);',
        to: 'return gridFloor(now - graceMs, timeframe) + timeframeMs(timeframe);',
      },
    ],
  },
  {
    name: 'synchronous=NORMAL',
    edits: [
      {
        file: 'adapters/sqlite/database',
        from: "database.pragma('synchronous = FULL');",
        to: "database.pragma('synchronous = NORMAL');",
      },
    ],
  },
  {
    name: 'stop re-placed after flat',
    edits: [
      {
        file: `${LIVE}/live-desk`,
        from: 'held: this.#onSteps(lacksGoods ? this.books.deliverable(position, symbol) : held, symbol),',
        to: "held: Decimal.parse('1000000'),",
      },
    ],
  },
  {
    name: 'second instance allowed',
    edits: [
      {
        file: 'adapters/sqlite/instance-lock',
        from: "connection.exec('BEGIN EXCLUSIVE');",
        to: '',
      },
    ],
  },
  {
    name: 'execution hears un-approved orders',
    edits: [
      {
        file: 'execution/executor',
        from: "bus.on('order.approved', ({ payload }) => this.#submit(payload));",
        to: "bus.on('order.requested', ({ payload }) => this.#submit(payload));",
      },
    ],
  },
];
