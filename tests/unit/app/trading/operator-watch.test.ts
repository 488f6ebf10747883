import { describe, expect, it } from 'vitest';
import { OperatorWatch } from '../../../../src/app/trading/operator-watch.ts';
import type { OperatorCommand } from '../../../../src/core/operator.ts';
import type { OperatorInbox, PendingCommand } from '../../../../src/ports/operator-inbox.ts';
import { ManualClock, ManualTimer } from '../../../support/manual-time.ts';

function watching(pending: readonly PendingCommand[], standing: OperatorCommand | null = null) {
  const log: string[] = [];
  const waiting = [...pending];
  const world = { isHalted: false, standing };
  const inbox: OperatorInbox = {
    halt: () => world.standing,
    pending: () => [...waiting],
    done: (id) => {
      log.push(`done ${id}`);
      waiting.splice(
        waiting.findIndex((each) => each.id === id),
        1,
      );
    },
  };
  const timer = new ManualTimer(new ManualClock(0));
  const watch = new OperatorWatch({
    inbox,
    timer,
    isHalted: () => world.isHalted,
    follow: ({ act, reason }) => {
      log.push(`${act} ${reason}`);
      if (act !== 'resume') world.isHalted = true;
    },
  });
  return { watch, log, timer, world };
}

const command = (act: OperatorCommand['act'], id: string): PendingCommand => {
  return { act, reason: id, by: 'test', at: 0, id };
};

describe('commands of other processes', () => {
  it('are followed in order, and forgotten only after that', () => {
    const { watch, log } = watching([command('halt', 'a'), command('resume', 'b')]);
    watch.look();
    watch.look();
    expect(log).toEqual(['halt a', 'done a', 'resume b', 'done b']);
  });

  it('are not forgotten where following them fails', () => {
    const { watch, log, world } = watching([command('halt', 'a')]);
    Object.defineProperty(world, 'isHalted', {
      set: () => {
        throw new Error('the engine has stopped');
      },
    });
    expect(() => watch.look()).toThrow('the engine has stopped');
    expect(log).toEqual(['halt a']);
  });

  it('halt by a standing order though its command was lost, and once only', () => {
    const standing = { act: 'halt', reason: 'stands', by: 'test', at: 0 } as const;
    const { watch, log } = watching([], standing);
    watch.look();
    watch.look();
    expect(log).toEqual(['halt stands']);
  });

  it('take a standing flatten for a halt: positions are closed once, when it is given', () => {
    const standing = { act: 'flatten', reason: 'stands', by: 'test', at: 0 } as const;
    const { watch, log } = watching([], standing);
    watch.look();
    expect(log).toEqual(['halt stands']);
  });

  it('are looked for at least four times a second', async () => {
    const { watch, timer } = watching([]);
    const stop = new AbortController();
    timer.meanwhile = (waits) => {
      if (waits === 3) stop.abort();
    };
    await watch.run(stop.signal);
    expect(Math.max(...timer.waits)).toBeLessThanOrEqual(250);
    expect(timer.waits).toHaveLength(3);
  });
});
