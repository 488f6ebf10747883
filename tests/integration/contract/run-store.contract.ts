import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/core/errors.ts';
import type { RunStore } from '../../../src/ports/run-store.ts';
import { roundTrip, runEnd, runStart } from '../sqlite/run-events.ts';

/** What every run store promises. `open` makes an empty one. */
export function runStoreContract(title: string, open: () => RunStore): void {
  describe(`${title}, as a run store`, () => {
    it('numbers runs from one, over all modes, and lists them in that order', () => {
      const store = open();
      expect(store.list()).toEqual([]);
      const ids = ['backtest', 'paper', 'backtest'].map(
        (mode) => store.begin(runStart({ mode })).runId,
      );
      expect(ids).toEqual(['bt-1', 'paper-2', 'bt-3']);
      expect(store.list().map(({ runId }) => runId)).toEqual(ids);
    });

    it('shows a run as running, without an end, until it is finished', () => {
      const store = open();
      const { runId } = store.begin(runStart());
      expect(store.find(runId)).toMatchObject({
        status: 'running',
        startedAt: runStart().startedAt,
        finishedAt: null,
        resultHash: null,
        metrics: {},
      });
    });

    it('gives back what it was told of a run, doubles to the bit', () => {
      const store = open();
      const recorder = store.begin(runStart());
      recorder.finish(runEnd());
      const { strategies, config, ...start } = runStart();
      expect(config).toBe('{}');
      expect(store.find('bt-1')).toEqual({
        ...start,
        ...runEnd(),
        runId: 'bt-1',
        strategyIds: strategies.map(({ id }) => id),
        lastSession: null,
      });
      expect(store.list()).toEqual([store.find('bt-1')]);
    });

    it('keeps failed runs with their error', () => {
      const store = open();
      const end = runEnd({
        status: 'failed',
        error: 'risk halted',
        finalEquity: null,
        metrics: {},
      });
      store.begin(runStart()).finish(end);
      expect(store.find('bt-1')).toMatchObject({ status: 'failed', error: 'risk halted' });
    });

    it('knows no run that never began', () => {
      expect(open().find('bt-1')).toBeNull();
    });

    it('refuses to finish a run twice, or to go on after its end', () => {
      const store = open();
      const recorder = store.begin(runStart());
      recorder.finish(runEnd());
      expect(() => recorder.finish(runEnd())).toThrow(InvariantError);
      expect(() => roundTrip(0).forEach((event) => recorder.record(event))).toThrow(InvariantError);
    });
  });
}
