import { describe, expect, it } from 'vitest';
import { overdraftLabels } from '../../../src/app/fill-ledgers.ts';
import { START } from '../../support/bars.ts';

describe('books that other fills overdraw', () => {
  it('say since when', () => {
    expect(overdraftLabels({ scenario: 'pessimistic', run: { overdrawnSince: START } })).toEqual([
      'FILLS: with pessimistic fills cash is below zero at 2024-01-01T00:00:00Z: ' +
        'orders of that size could not have been paid from there on',
    ]);
  });

  it('say nothing where cash lasts', () => {
    expect(overdraftLabels({ scenario: 'pessimistic', run: { overdrawnSince: null } })).toEqual([]);
  });
});
