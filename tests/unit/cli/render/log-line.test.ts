import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../../src/adapters/system/pino-logger.ts';
import { readableLogLine } from '../../../../src/cli/render/log-line.ts';

describe('a line of the log on a terminal', () => {
  it('has time, severity, message and fields, on a line of its own', () => {
    const lines: string[] = [];
    const logger = createLogger({
      level: 'warn',
      write: (line) => lines.push(readableLogLine(line)),
    });
    logger.warn({ fault: 'no answer', waitMs: 950 }, 'the exchange is asked again');
    logger.error({}, 'feed is gone');
    expect(lines.map((line) => line.replace(/\d\d:\d\d:\d\d/, 'TIME'))).toEqual([
      '\r\u001B[KTIME warn: the exchange is asked again (fault: no answer, waitMs: 950)\n',
      '\r\u001B[KTIME error: feed is gone\n',
    ]);
  });

  it('is left alone where it is no entry of a log', () => {
    expect(readableLogLine('plain text\n')).toBe('plain text\n');
  });
});
