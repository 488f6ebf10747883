type Fields = Readonly<Record<string, unknown>>;

/** Structured log on stderr: a constant message, everything variable in the fields. */
export interface Logger {
  debug(fields: Fields, message: string): void;
  info(fields: Fields, message: string): void;
  warn(fields: Fields, message: string): void;
  error(fields: Fields, message: string): void;
}
