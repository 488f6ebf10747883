import { existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { MachineSettings } from '../environment.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** What a running program shows of itself and the machine. */
interface Machine extends MachineSettings {
  /** `process.version`. */
  readonly node: string;
  /** `process.execArgv`. */
  readonly nodeFlags: readonly string[];
  /** Memory is written to disk when the program crashes. */
  readonly dumpsCore: boolean;
}

const DUMPING = ['--heapsnapshot', '--heap-prof', '--report-on', '--abort-on-uncaught-exception'];
const FREE_BYTES_MIN = 100 * 1024 * 1024;
const FREE_BYTES_LOW = 1024 * 1024 * 1024;

/** Looks at the machine the engine is to run on. */
export function machineChecks(machine: Machine, databasePath: string): readonly Finding[] {
  return [
    ok('node', `Node ${machine.node}`),
    debuggerCheck(machine),
    dumpCheck(machine),
    tlsCheck(machine),
    ...(machine.proxies.length === 0
      ? []
      : [warn('proxy', `proxy settings are in the environment: ${machine.proxies.join(', ')}`)]),
    diskCheck(databasePath),
  ];
}

/** Whoever attaches a debugger reads the keys. */
function debuggerCheck({ nodeFlags, nodeOptions }: Machine): Finding {
  const flag = [...nodeFlags, ...nodeOptions].find((each) => each.startsWith('--inspect'));
  if (flag === undefined) return ok('debugger', 'no debugger can attach');
  return fail(
    'debugger',
    `no ${flag.split('=')[0]} was expected: a debugger reads keys; leave it out`,
  );
}

/** What the memory holds, a dump of it shows. */
function dumpCheck({ dumpsCore, nodeFlags, nodeOptions }: Machine): Finding {
  const flag = [...nodeFlags, ...nodeOptions].find((each) =>
    DUMPING.some((name) => each.startsWith(name)),
  );
  if (flag !== undefined) {
    return fail(
      'dumps',
      `no ${flag.split('=')[0]} was expected: what it writes holds keys; leave it out`,
    );
  }
  if (!dumpsCore) return ok('dumps', 'no dump of the memory is written');
  return fail(
    'dumps',
    'no core dumps were expected: they hold keys; "ulimit -c 0" before the start',
  );
}

function tlsCheck({ tlsRejectUnauthorized }: Machine): Finding {
  if (tlsRejectUnauthorized !== '0') return ok('tls', 'certificates are checked');
  return fail(
    'tls',
    'NODE_TLS_REJECT_UNAUTHORIZED=0 accepts any certificate, so that anybody in between may read keys ' +
      'and orders; unset it',
  );
}

function diskCheck(databasePath: string): Finding {
  const directory = existing(dirname(resolve(databasePath)));
  const { bavail, bsize } = statfsSync(directory);
  const free = bavail * bsize;
  const text = `${Math.round(free / 1024 / 1024)} MB free in ${directory}`;
  if (free < FREE_BYTES_MIN) {
    return fail(
      'disk',
      `at least 100 MB were expected, was ${text}; make room, or move the database`,
    );
  }
  return free < FREE_BYTES_LOW
    ? warn('disk', `${text}: that fills up within weeks`)
    : ok('disk', text);
}

/** The nearest directory above that is there. */
function existing(directory: string): string {
  return existsSync(directory) ? directory : existing(dirname(directory));
}
