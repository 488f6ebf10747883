import type { ExchangeCore } from './exchange-core.ts';
import type { SimOrder } from './exchange-types.ts';
import {
  isBarring,
  isBefalling,
  isBending,
  isBreaking,
  twistOf,
  type BarringFate,
  type BendingFate,
  type BreakingFate,
  type Call,
  type Fate,
  type GarblingFate,
  type OrderFate,
} from './fates.ts';
import { isOpen } from './order-store.ts';
import { product, floorTo, units, ceilTo } from './units.ts';
import type { FrontEnd, LoggedRequest, Settlement, WireRequest, WireResponse } from './wire.ts';

/** Lets a request in: draws its fate, does what is to be done, tells the transport how to answer. */
export function receive(core: ExchangeCore, frontEnd: FrontEnd, request: WireRequest): Settlement {
  const call = frontEnd.callOf(request);
  return new Gate(core, frontEnd, request, call).settle(core.fateOf(call));
}

const HTML = '<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>';

class Gate {
  readonly #core: ExchangeCore;
  readonly #frontEnd: FrontEnd;
  readonly #request: WireRequest;
  readonly #call: Call;

  constructor(core: ExchangeCore, frontEnd: FrontEnd, request: WireRequest, call: Call) {
    this.#core = core;
    this.#frontEnd = frontEnd;
    this.#request = request;
    this.#call = call;
  }

  settle(fate: Fate): Settlement {
    const subject = this.#frontEnd.subjectOf(this.#request);
    const at = this.#core.now();
    const line = { ...this.#request, at, call: this.#call, fate, subject, isAccepted: false };
    this.#core.requests.push(line);
    this.#core.desk.settle();
    if (isBreaking(fate)) return this.#broken(fate, line);
    return isBarring(fate) ? this.#barred(fate, line) : this.#answering(fate, line);
  }

  #barred(fate: BarringFate, line: LoggedRequest): Settlement {
    this.#core.note(fate);
    switch (fate.kind) {
      case 'late':
        return { kind: 'later', afterMs: fate.ms, settle: () => this.#late(line) };
      case 'ban': {
        const until = this.#core.now() + fate.seconds * 1000;
        return this.#answer(this.#frontEnd.trouble({ kind: 'ban', until }));
      }
      case 'storm':
        if (fate.as !== 'unavailable') return { kind: fate.as };
        return this.#answer(this.#frontEnd.trouble({ kind: 'server-error', status: 503 }));
    }
  }

  #late(line: LoggedRequest): Settlement {
    this.#core.desk.settle();
    return this.#answer(this.#honest(line));
  }

  #broken(fate: BreakingFate, line: LoggedRequest): Settlement {
    this.#core.note(fate);
    const done = fate.accepted ? this.#honest(line) : null;
    if (fate.kind === 'drop' || fate.kind === 'hang') return { kind: fate.kind };
    if (fate.kind === 'slow-loris') {
      const response = done ?? this.#frontEnd.trouble({ kind: 'server-error', status: 503 });
      return { kind: 'drip', response, everyMs: fate.everyMs };
    }
    if (fate.kind === 'server-error' || fate.kind === 'rate-limit') {
      return this.#answer(this.#frontEnd.trouble(fate));
    }
    return this.#garbled(fate, done?.body ?? '{"unfinished":[]}');
  }

  #garbled(fate: GarblingFate, honest: string): Settlement {
    switch (fate.kind) {
      case 'malformed':
        return this.#body(honest.slice(0, Math.max(1, Math.floor(honest.length / 2))));
      case 'html':
        return this.#body(HTML, 'text/html');
      case 'empty':
        return this.#body('');
      case 'huge':
        return this.#body(' '.repeat(fate.bytes) + honest);
      case 'redirect':
        return this.#answer({ status: 302, headers: { location: fate.to }, body: '' });
    }
  }

  /** Fates with an answer that can be read. */
  #answering(fate: Exclude<Fate, BreakingFate | BarringFate>, line: LoggedRequest): Settlement {
    if (isBending(fate)) return this.#bent(fate, line);
    if (isBefalling(fate)) {
      if (this.#core.external.befall(fate)) this.#core.note(fate);
      return this.#answer(this.#honest(line));
    }
    switch (fate.kind) {
      case 'ok':
        return this.#answer(this.#honest(line));
      case 'delay':
        this.#core.note(fate);
        return this.#answer(this.#honest(line), fate.ms);
      case 'no-id':
      case 'not-found':
        return this.#obscured(fate, line);
      case 'fill-before-ack':
        return this.#filledFirst(fate, line);
      case 'cancel-race':
        this.#race(fate, line);
        return this.#answer(this.#honest(line));
      case 'stuck-cancel':
        return this.#stuck(fate, line);
    }
  }

  #obscured(
    fate: Extract<OrderFate, { kind: 'no-id' | 'not-found' }>,
    line: LoggedRequest,
  ): Settlement {
    const response = this.#honest(line);
    const order = this.#placed(line);
    if (order === undefined) return this.#answer(response);
    this.#core.note(fate);
    if (fate.kind === 'no-id') return this.#answer(this.#frontEnd.withoutId(response));
    this.#core.hide(order.id, fate.reads);
    return this.#answer(response);
  }

  #bent(fate: BendingFate, line: LoggedRequest): Settlement {
    const twist = twistOf(fate, this.#core.desk.step);
    const straight = this.#honest(line);
    // Whoever changes something is answered straight: only reads are bent.
    if (this.#call === 'place' || this.#call === 'cancel') return this.#answer(straight);
    const bent = this.#core.twisted(twist, () => this.#frontEnd.answer(this.#request));
    if (bent.body !== straight.body) this.#core.note(fate);
    return this.#answer(bent);
  }

  #filledFirst(
    fate: Extract<OrderFate, { kind: 'fill-before-ack' }>,
    line: LoggedRequest,
  ): Settlement {
    const response = this.#honest(line);
    const order = this.#placed(line);
    if (order !== undefined && isOpen(order) && order.isTriggered) {
      const price = order.limit ?? this.#core.market(order.symbol).last;
      this.#core.desk.fill(order, order.quantity, price, true);
      this.#core.note(fate);
    }
    return this.#answer(response, fate.delayMs);
  }

  #race(
    { percent, ...fate }: Extract<OrderFate, { kind: 'cancel-race' }>,
    line: LoggedRequest,
  ): void {
    const order = this.#subject(line);
    if (order === undefined || !isOpen(order)) return;
    const market = this.#core.market(order.symbol);
    const rest = order.quantity - order.filled;
    const share = product(rest, units(String(percent)) / 100n);
    const quantity = percent >= 100 ? rest : ceilTo(floorTo(share, market.lot), market.lot);
    if (quantity === 0n) return;
    this.#core.desk.fill(order, quantity, order.limit ?? market.last, true);
    this.#core.note({ ...fate, percent });
  }

  #stuck(fate: Extract<OrderFate, { kind: 'stuck-cancel' }>, line: LoggedRequest): Settlement {
    const { desk } = this.#core;
    const order = this.#subject(line);
    if (order !== undefined && isOpen(order)) this.#core.note(fate);
    desk.cancelDelayMs = fate.ms;
    try {
      return this.#answer(this.#honest(line));
    } finally {
      desk.cancelDelayMs = 0;
    }
  }

  #honest(line: LoggedRequest): WireResponse {
    line.isAccepted = true;
    return this.#frontEnd.answer(this.#request);
  }

  /** The order that this request placed. */
  #placed(line: LoggedRequest): SimOrder | undefined {
    return this.#call === 'place' ? this.#subject(line) : undefined;
  }

  #subject({ subject: { clientId, orderId } }: LoggedRequest): SimOrder | undefined {
    const { store } = this.#core;
    if (orderId !== null) return store.get(orderId);
    return clientId === null ? undefined : store.withClientId(clientId).at(-1);
  }

  #body(body: string, type = 'application/json'): Settlement {
    return this.#answer({ status: 200, headers: { 'content-type': type }, body });
  }

  #answer(response: WireResponse, afterMs = 0): Settlement {
    const date = new Date(this.#core.now()).toUTCString();
    return {
      kind: 'answer',
      response: { ...response, headers: { date, ...response.headers } },
      afterMs,
    };
  }
}
