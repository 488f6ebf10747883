import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { redactor } from '../adapters/http/redaction.ts';
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
  /** Takes out of a text every secret there is, however it was encoded, and whatever it is for. */
  readonly redact: (text: string) => string;
}

/** The file of further variables, where there is one. */
export const ENVIRONMENT_FILE = '.env';

interface Surroundings {
  /** A file of further variables; those already set win. */
  readonly file?: string;
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

const OVERRIDE_PREFIX = 'QUANTSAGE_';

const SECRET_NAME = /(?:^|_)(?:KEY|SECRET|TOKEN|PASSWORD|PASSPHRASE)(?:$|_)/;
/** What is shorter is no secret, and would take harmless words out of texts. */
const SECRET_LENGTH_MIN = 8;

/** The one place that reads `process.env` and `.env`. Throws a `ConfigError` on a bad file. */
export function readEnvironment({
  file = ENVIRONMENT_FILE,
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
    redact: redactor(all.filter(isSecret).map(([, value]) => value)),
  };
}

/** What a machine does to keys and connections. */
export interface MachineSettings {
  /** Words of `NODE_OPTIONS`. */
  readonly nodeOptions: readonly string[];
  /** `NODE_TLS_REJECT_UNAUTHORIZED`; null where it is not set. */
  readonly tlsRejectUnauthorized: string | null;
  /** Names of the proxy variables that are set; their values may hold passwords. */
  readonly proxies: readonly string[];
}

const PROXIES: ReadonlySet<string> = new Set(['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']);

/** Where programs keep what outlives them and is nobody's document (XDG base directories). */
export function stateDirectory(variables: Surroundings['variables'] = process.env): string {
  const base = variables['XDG_STATE_HOME'] ?? '';
  return join(base === '' ? join(homedir(), '.local', 'state') : base, 'quantsage');
}

/** What of the environment decides how safe keys are. */
export function readMachine(variables: Surroundings['variables'] = process.env): MachineSettings {
  return {
    nodeOptions: (variables['NODE_OPTIONS'] ?? '').split(/\s+/).filter((word) => word !== ''),
    tlsRejectUnauthorized: variables['NODE_TLS_REJECT_UNAUTHORIZED'] ?? null,
    proxies: Object.entries(variables).flatMap(([name, value]) =>
      (value ?? '') !== '' && PROXIES.has(name.toUpperCase()) ? [name] : [],
    ),
  };
}

/** Ours, and what goes by the name of a secret of another program: it may be in the same file. */
function isSecret([name, value]: readonly [string, string]): boolean {
  return value.length >= SECRET_LENGTH_MIN && (isSecretName(name) || SECRET_NAME.test(name));
}

function isSecretName(name: string): boolean {
  return SECRETS.some((each) => each === name);
}
