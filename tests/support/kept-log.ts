import type { Logger } from '../../src/ports/logger.ts';

interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Keeps what is logged. */
export class KeptLog implements Logger {
  readonly lines: LoggedLine[] = [];

  debug(fields: LoggedLine['fields']): void {
    this.lines.push({ level: 'debug', fields });
  }

  info(fields: LoggedLine['fields']): void {
    this.lines.push({ level: 'info', fields });
  }

  warn(fields: LoggedLine['fields']): void {
    this.lines.push({ level: 'warn', fields });
  }

  error(fields: LoggedLine['fields']): void {
    this.lines.push({ level: 'error', fields });
  }

  get warnings(): readonly LoggedLine['fields'][] {
    return this.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields);
  }
}
