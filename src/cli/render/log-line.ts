/** Takes away what a progress bar left on the line. */
const CLEAR_LINE = '\r\u001B[K';

/** A line of the log as a person reads it: time, severity, message, then the fields. */
export function readableLogLine(line: string): string {
  const entry = parse(line);
  if (entry === null) return line;
  const { time, level, msg, ...fields } = entry;
  const clock = String(time).slice(11, 19);
  const facts = Object.entries(fields).map(([name, value]) => `${name}: ${textOf(value)}`);
  const all = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  return `${CLEAR_LINE}${clock} ${String(level)}: ${String(msg)}${all}\n`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parse(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? { ...entry } : null;
  } catch {
    return null;
  }
}
