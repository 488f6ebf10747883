import { describe, expect, it } from 'vitest';
import { EngineSession } from '../../../../src/app/trading/engine-session.ts';
import { InstantClock } from '../../../../src/app/trading/instant-clock.ts';
import { DataError, type QuantSageError } from '../../../../src/core/errors.ts';
import { EventBus } from '../../../../src/core/event-bus.ts';
import type { OperatorCommand } from '../../../../src/core/operator.ts';
import type { InputRecord } from '../../../../src/ports/lasting-run.ts';

const HALT: OperatorCommand = { act: 'halt', reason: 'test', by: 'test', at: 0 };

/** A session over a bus with one publisher, and what it recorded; `times` are what the clock gives. */
function session(times: readonly number[] = [0], commit?: (input: InputRecord) => void) {
  const left = [...times];
  const machine = { now: () => left.shift() ?? times.at(-1) ?? 0 };
  const clock = new InstantClock(machine, 0);
  const bus = new EventBus({ now: () => clock.now() });
  const log: string[] = [];
  const failures: QuantSageError[] = [];
  const recorded: InputRecord[] = [];
  const door = new EngineSession({
    run: {
      commit: (input) => {
        commit?.(input);
        recorded.push(input);
        log.push(`commit ${input.events.map(({ seq }) => seq).join(' ')}`);
      },
    },
    clock,
    onFailure: (failure) => failures.push(failure),
  });
  door.attach({ bus, state: () => `state ${bus.seq}` });
  door.onRecorded(() => log.push('leave'));
  return { door, bus, command: bus.publisher('operator.commanded'), log, failures, recorded };
}

describe('an input', () => {
  it('is on record, with all that followed from it, before anything leaves', () => {
    const { door, bus, command, log, recorded } = session();
    const alert = bus.publisher('gate.changed');
    bus.on('operator.commanded', () => {
      log.push('handled');
      return alert({ gate: 'errors', symbol: null, reason: 'because' });
    });
    door.enter(() => command(HALT));
    expect(log).toEqual(['handled', 'commit 1 2', 'leave']);
    expect(recorded[0]).toMatchObject({ state: 'state 2' });
  });

  it('that leads to no event is recorded too: the venue may have noted something', () => {
    const { door, log } = session();
    door.enter(() => undefined);
    expect(log).toEqual(['commit ', 'leave']);
  });

  it('that fails stops the engine, and nothing of it is on record', () => {
    const { door, command, log, failures } = session();
    const broken = () =>
      door.enter(() => {
        command(HALT);
        throw new Error('no such thing');
      });
    expect(broken).toThrow('an input was not handled: Error: no such thing');
    expect(log).toEqual([]);
    expect(failures).toHaveLength(1);
    expect(() => door.enter(() => command(HALT))).toThrow('no such thing');
    expect(door.failure).toBe(failures[0]);
  });

  it('that cannot be recorded leaves nothing behind and lets nothing out', () => {
    const { door, command, log, failures } = session([0], () => {
      throw new DataError('the disk is full');
    });
    expect(() => door.enter(() => command(HALT))).toThrow('the disk is full');
    expect(log).toEqual([]);
    expect(failures.map(({ message }) => message)).toEqual(['the disk is full']);
  });

  it('does not enter while another one is handled', () => {
    const { door, command } = session();
    expect(() => door.enter(() => door.enter(() => command(HALT)))).toThrow('must not enter');
  });

  it('may lead to a further one as soon as it is on record', () => {
    const { door, command, recorded } = session();
    let isFirst = true;
    door.onRecorded(() => {
      if (isFirst) {
        isFirst = false;
        door.enter(() => command(HALT));
      }
    });
    door.enter(() => command(HALT));
    expect(recorded.map(({ events }) => events.length)).toEqual([1, 1]);
  });

  it('happens at one instant, whatever the machine takes for it', () => {
    const { door, bus, command, recorded } = session([10, 11, 12, 13]);
    const alert = bus.publisher('gate.changed');
    bus.on('operator.commanded', () => alert({ gate: 'errors', symbol: null, reason: null }));
    door.enter(() => command(HALT));
    expect(recorded[0]?.events.map(({ ts }) => ts)).toEqual([10, 10]);
    expect(recorded[0]?.at).toBe(10);
  });

  it('never comes before the one before, though the clock was set back', () => {
    const { door, command, recorded } = session([1000, 400, 1200]);
    for (let input = 0; input < 3; input++) door.enter(() => command(HALT));
    expect(recorded.map(({ at }) => at)).toEqual([1000, 1000, 1200]);
  });
});
