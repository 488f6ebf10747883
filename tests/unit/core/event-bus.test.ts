import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/core/errors.ts';
import { EventBus } from '../../../src/core/event-bus.ts';
import { orderId } from '../../../src/core/ids.ts';
import type { CancelRequest, OrderUpdate } from '../../../src/core/order.ts';

const UPDATE: OrderUpdate = { orderId: orderId(1), state: 'accepted', reason: '' };

function cancelRequest(count: number): CancelRequest {
  return { orderId: orderId(count), reason: '' };
}

/** A bus whose clock stands at 7. */
function busAtSeven(): EventBus {
  return new EventBus({ now: () => 7 });
}

describe('whether an event is heard', () => {
  it('depends on its listeners and on taps, as long as they are subscribed', () => {
    const bus = busAtSeven();
    expect(bus.isHeard('order.updated')).toBe(false);
    const leave = bus.on('order.updated', () => undefined);
    expect([bus.isHeard('order.updated'), bus.isHeard('order.filled')]).toEqual([true, false]);
    leave();
    expect(bus.isHeard('order.updated')).toBe(false);
    const unplug = bus.tap(() => undefined);
    expect([bus.isHeard('order.updated'), bus.isHeard('order.filled')]).toEqual([true, true]);
    unplug();
    expect(bus.isHeard('order.filled')).toBe(false);
  });
});

describe('numbers of events', () => {
  it('go on from the last one of an earlier process', () => {
    const bus = new EventBus({ now: () => 0, seq: 41 });
    const seen: number[] = [];
    bus.tap(({ seq }) => {
      seen.push(seq);
    });
    expect(bus.seq).toBe(41);
    bus.publisher('gate.changed')({ gate: 'clock', symbol: null, reason: null });
    expect(seen).toEqual([42]);
  });
});

describe('delivery', () => {
  it('runs to completion: every listener sees an event before what it led to', () => {
    const bus = busAtSeven();
    const cancel = bus.publisher('order.cancel-requested');
    const update = bus.publisher('order.updated');
    const seen: string[] = [];
    bus.on('order.cancel-requested', () => {
      seen.push('first hears the request');
      update(UPDATE);
      seen.push('first is done');
    });
    bus.on('order.cancel-requested', () => {
      seen.push('second hears the request');
    });
    bus.on('order.updated', () => {
      seen.push('update');
    });
    cancel(cancelRequest(1));
    expect(seen).toEqual([
      'first hears the request',
      'first is done',
      'second hears the request',
      'update',
    ]);
  });

  it('keeps the order of publication over all types', () => {
    const bus = busAtSeven();
    const cancel = bus.publisher('order.cancel-requested');
    const update = bus.publisher('order.updated');
    const seen: number[] = [];
    bus.tap(({ seq }) => {
      seen.push(seq);
    });
    bus.on('order.updated', () => {
      cancel(cancelRequest(1));
      cancel(cancelRequest(2));
    });
    update(UPDATE);
    update(UPDATE);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    expect(bus.seq).toBe(6);
  });

  it('names the event that was being handled as the cause', () => {
    const bus = busAtSeven();
    const cancel = bus.publisher('order.cancel-requested');
    const update = bus.publisher('order.updated');
    const causes: string[] = [];
    bus.tap(({ type, seq, causedBy, ts }) => {
      causes.push(`${seq} ${type} by ${causedBy} at ${ts}`);
    });
    bus.on('order.updated', ({ payload }) => {
      if (payload.state === 'accepted') cancel(cancelRequest(1));
    });
    bus.on('order.cancel-requested', () => update({ ...UPDATE, state: 'canceled' }));
    update(UPDATE);
    update(UPDATE);
    expect(causes).toEqual([
      '1 order.updated by null at 7',
      '2 order.cancel-requested by 1 at 7',
      '3 order.updated by 2 at 7',
      '4 order.updated by null at 7',
      '5 order.cancel-requested by 4 at 7',
      '6 order.updated by 5 at 7',
    ]);
  });

  it('shows an event to taps before listeners', () => {
    const bus = busAtSeven();
    const seen: string[] = [];
    bus.on('order.updated', () => {
      seen.push('listener');
    });
    bus.tap(() => {
      seen.push('tap');
    });
    bus.publisher('order.updated')(UPDATE);
    expect(seen).toEqual(['tap', 'listener']);
  });

  it('freezes the payload', () => {
    const bus = busAtSeven();
    const payload = { ...UPDATE };
    bus.publisher('order.updated')(payload);
    expect(Object.isFrozen(payload)).toBe(true);
  });
});

describe('subscription', () => {
  it('ends with its unsubscribe function', () => {
    const bus = busAtSeven();
    const update = bus.publisher('order.updated');
    let heard = 0;
    const unsubscribe = bus.on('order.updated', () => {
      heard++;
    });
    update(UPDATE);
    unsubscribe();
    unsubscribe();
    update(UPDATE);
    expect(heard).toBe(1);
  });

  it('ended during delivery still lets every listener hear that event', () => {
    const bus = busAtSeven();
    const update = bus.publisher('order.updated');
    const seen: string[] = [];
    const unsubscribe = bus.on('order.updated', () => {
      seen.push('first');
      unsubscribe();
    });
    bus.on('order.updated', () => {
      seen.push('second');
    });
    update(UPDATE);
    update(UPDATE);
    expect(seen).toEqual(['first', 'second', 'second']);
  });

  it('begun during delivery hears the next event, not this one', () => {
    const bus = busAtSeven();
    const update = bus.publisher('order.updated');
    const seen: number[] = [];
    const stop = bus.on('order.updated', () => {
      stop();
      bus.on('order.updated', ({ seq }) => {
        seen.push(seq);
      });
    });
    update(UPDATE);
    update(UPDATE);
    expect(seen).toEqual([2]);
  });

  it('of a tap ends with its unsubscribe function', () => {
    const bus = busAtSeven();
    const update = bus.publisher('order.updated');
    let heard = 0;
    const unsubscribe = bus.tap(() => {
      heard++;
    });
    update(UPDATE);
    unsubscribe();
    update(UPDATE);
    expect(heard).toBe(1);
  });

  it('of one listener twice delivers twice, and ends one at a time', () => {
    const bus = busAtSeven();
    const update = bus.publisher('order.updated');
    let heard = 0;
    const listener = () => {
      heard++;
      return undefined;
    };
    const unsubscribe = bus.on('order.updated', listener);
    bus.on('order.updated', listener);
    update(UPDATE);
    unsubscribe();
    unsubscribe();
    update(UPDATE);
    expect(heard).toBe(3);
  });
});

describe('publishers', () => {
  it('are one a type', () => {
    const bus = busAtSeven();
    bus.publisher('order.updated');
    expect(() => bus.publisher('order.updated')).toThrow(
      new InvariantError('event "order.updated" already has a publisher'),
    );
  });

  it('may be claimed after somebody subscribed', () => {
    const bus = busAtSeven();
    bus.on('order.updated', () => undefined);
    expect(() => bus.publisher('order.updated')).not.toThrow();
  });
});

describe('failure', () => {
  it('of a listener stops delivery and the bus for good', () => {
    const bus = busAtSeven();
    const update = bus.publisher('order.updated');
    const seen: number[] = [];
    bus.on('order.updated', ({ seq }) => {
      if (seq === 1) update(UPDATE);
      throw new Error('boom');
    });
    bus.on('order.updated', ({ seq }) => {
      seen.push(seq);
    });
    const sentence = 'event 1 (order.updated) was not handled: boom';
    expect(() => update(UPDATE)).toThrow(sentence);
    expect(bus.failure?.message).toBe(sentence);
    expect(bus.failure?.cause).toBeInstanceOf(Error);
    expect(() => update(UPDATE)).toThrow(sentence);
    expect(seen).toEqual([]);
  });

  it('raised on purpose keeps its own sentence', () => {
    const bus = busAtSeven();
    const update = bus.publisher('order.updated');
    const broken = new InvariantError('cash must not be negative');
    bus.on('order.updated', () => {
      throw broken;
    });
    expect(() => update(UPDATE)).toThrow(broken);
    expect(bus.failure).toBe(broken);
  });

  it('of a tap counts as one of a listener', () => {
    const bus = busAtSeven();
    bus.tap(() => {
      throw new InvariantError('identity broken');
    });
    expect(() => bus.publisher('order.updated')(UPDATE)).toThrow('identity broken');
    expect(bus.failure?.message).toBe('identity broken');
  });

  it('is null while the bus runs', () => {
    const bus = busAtSeven();
    bus.publisher('order.updated')(UPDATE);
    expect(bus.failure).toBeNull();
  });
});

describe('a feedback loop', () => {
  it('stops the bus for good after 10,000 events', () => {
    const bus = busAtSeven();
    const update = bus.publisher('order.updated');
    bus.on('order.updated', () => update(UPDATE));
    const sentence = /^at most 10000 events may follow one input, event 1 \(order\.updated\)/;
    expect(() => update(UPDATE)).toThrow(sentence);
    expect(bus.failure?.message).toMatch(sentence);
    expect(() => update(UPDATE)).toThrow(sentence);
  });

  it('is not what 10,000 consequences of one input are, time and again', () => {
    const bus = busAtSeven();
    const cancel = bus.publisher('order.cancel-requested');
    const update = bus.publisher('order.updated');
    let heard = 0;
    bus.on('order.updated', () => {
      for (let count = 1; count <= 10_000; count++) cancel(cancelRequest(count));
    });
    bus.on('order.cancel-requested', () => {
      heard++;
    });
    update(UPDATE);
    update(UPDATE);
    expect(heard).toBe(20_000);
  });
});
