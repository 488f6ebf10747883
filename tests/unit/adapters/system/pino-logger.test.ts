import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../../src/adapters/system/pino-logger.ts';

function linesAt(level: 'debug' | 'warn'): readonly Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>);
  const logger = createLogger({ level, write });
  logger.debug({ order: 'o1' }, 'order filled');
  logger.warn({}, 'feed is late');
  logger.error({}, 'feed is gone');
  return lines;
}

describe('createLogger', () => {
  it('writes one JSON object a line, with the fields and the message', () => {
    const [first] = linesAt('debug');
    expect(first).toMatchObject({ level: 'debug', order: 'o1', msg: 'order filled' });
    expect(first).not.toHaveProperty('pid');
    expect(first).not.toHaveProperty('hostname');
  });

  it('leaves out what is less severe than its level', () => {
    expect(linesAt('warn').map((line) => line['msg'])).toEqual(['feed is late', 'feed is gone']);
  });
});
