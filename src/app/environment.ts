import { parse } from 'dotenv';
import { CCXT_SECRETS } from '../adapters/ccxt/account/credentials.ts';
import { readTextFile } from '../config/read-text-file.ts';

/** Variables that hold secrets of venues. */
const SECRETS = ['APCA_API_KEY_ID', 'APCA_API_SECRET_KEY', ...CCXT_SECRETS] as const;
type SecretName = (typeof SECRETS)[number];

/** What the program reads of its surroundings. `.env.example` says what each variable is for. */
export interface Environment {
  /** Variables that begin with `QUANTSAGE_`: overrides of the configuration. */
  readonly overrides: Readonly<Record<string, string>>;
  /** No colours, see no-color.org. */
  readonly noColor: boolean;
  /** Null where it is not set. Asked for by name, so that no print of the environment shows it. */
  readonly secret: (name: SecretName) => string | null;
}

interface Surroundings {
  /** A file of further variables; those already set win. */
  readonly file?: string;
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

const OVERRIDE_PREFIX = 'QUANTSAGE_';

/** The one place that reads `process.env` and `.env`. Throws a `ConfigError` on a bad file. */
export function readEnvironment({
  file = '.env',
  variables = process.env,
}: Surroundings = {}): Environment {
  // The parser alone, not dotenv's loader: that one prints, and changes `process.env`.
  const fromFile = parse(readTextFile(file, { within: null }) ?? '');
  const all = Object.entries({ ...fromFile, ...variables }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const overrides = all.filter(([name]) => name.startsWith(OVERRIDE_PREFIX));
  const noColor = all.some(([name, value]) => name === 'NO_COLOR' && value !== '');
  const secrets = new Map(all.filter(([name, value]) => isSecretName(name) && value !== ''));
  return {
    overrides: Object.fromEntries(overrides),
    noColor,
    secret: (name) => secrets.get(name) ?? null,
  };
}

function isSecretName(name: string): boolean {
  return SECRETS.some((each) => each === name);
}
