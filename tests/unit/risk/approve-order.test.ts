import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveOrder } from '../../../src/risk/approve-order.ts';
import { entry } from './risk-builders.ts';

const SOURCE = join(import.meta.dirname, '../../../src');
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

/** Source files whose text matches, with forward slashes. */
function filesWith(pattern: RegExp): readonly string[] {
  return files
    .filter((name) => pattern.test(readFileSync(join(SOURCE, name), 'utf8')))
    .map((name) => name.replaceAll('\\', '/'));
}

describe('approveOrder', () => {
  it('hands on the very request: approval changes nothing in it', () => {
    const order = entry();
    expect(approveOrder(order)).toBe(order);
  });

  it('is the only place that casts to an approved order', () => {
    expect(
      filesWith(/\bas\s+(unknown\s+as\s+)?(readonly\s+)?ApprovedOrder\b|<ApprovedOrder>/),
    ).toEqual(['risk/approve-order.ts']);
  });

  it('is used by the risk manager alone', () => {
    expect(filesWith(/from '.*approve-order\.ts'/)).toEqual(['risk/risk-manager.ts']);
  });
});
