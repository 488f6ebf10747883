import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { takeLock } from '../../../src/adapters/sqlite/instance-lock.ts';
import { databaseChecks } from '../../../src/app/doctor/database-checks.ts';
import type { Finding } from '../../../src/app/doctor/finding.ts';
import { machineChecks } from '../../../src/app/doctor/machine-checks.ts';
import { secretChecks } from '../../../src/app/doctor/secret-checks.ts';

let directory: string;
let database: string;
let keys: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'quantsage-doctor-'));
  database = join(directory, 'run.db');
  keys = join(directory, '.env');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const verdictOf = (findings: readonly Finding[], check: string) =>
  findings.find((each) => each.check === check)?.verdict;

describe('the file of keys', () => {
  const written = (mode: number) => {
    writeFileSync(keys, 'KEY=1\n');
    chmodSync(keys, mode);
  };

  it.each([
    [0o600, 'ok'],
    [0o400, 'ok'],
    [0o640, 'fail'],
    [0o604, 'fail'],
    [0o644, 'fail'],
  ] as const)('with mode %o is %s', (mode, verdict) => {
    written(mode);
    const [finding] = secretChecks(keys, database);
    const remedies = finding?.text.includes(`chmod 600 ${keys}`);
    expect([finding?.verdict, remedies]).toEqual([verdict, verdict === 'fail']);
  });

  it('need not be there', () => {
    expect(secretChecks(keys, database)).toMatchObject([{ check: '.env', verdict: 'ok' }]);
  });

  it('in a repository must be ignored there', () => {
    execFileSync('git', ['init', '-q', directory]);
    written(0o600);
    expect(secretChecks(keys, database)[0]?.text).toContain('does not ignore it');
    writeFileSync(join(directory, '.gitignore'), 'dist\n.env\n');
    expect(verdictOf(secretChecks(keys, database), '.env')).toBe('ok');
  });
});

describe('the database', () => {
  it('that others may read is told of', () => {
    openDatabase(database).close();
    expect(secretChecks(keys, database)).toHaveLength(1);
    chmodSync(database, 0o644);
    expect(secretChecks(keys, database)[1]).toMatchObject({ check: 'files', verdict: 'warn' });
  });

  it('is looked through, and its engine found', () => {
    expect(databaseChecks(database)).toMatchObject([{ verdict: 'ok' }, { verdict: 'ok' }]);
    openDatabase(database).close();
    expect(databaseChecks(database)).toMatchObject([{ verdict: 'ok' }, { verdict: 'ok' }]);
    const lock = takeLock({ path: `${database}.lock`, purpose: 'a test', now: 0 });
    expect(databaseChecks(database)[1]).toMatchObject({ check: 'instance', verdict: 'warn' });
    lock.release();
  });

  it('that is none is a reason not to start', () => {
    writeFileSync(database, 'not a database at all, but long enough to be read as one '.repeat(20));
    expect(verdictOf(databaseChecks(database), 'database')).toBe('fail');
  });
});

describe('the machine', () => {
  const machine = {
    node: 'v20.20.2',
    nodeFlags: [],
    nodeOptions: [],
    tlsRejectUnauthorized: null,
    proxies: [],
    dumpsCore: false,
  };

  it('that is sound gives no warning', () => {
    const findings = machineChecks(machine, database);
    expect(findings.filter(({ check }) => check !== 'disk').map(({ verdict }) => verdict)).toEqual([
      'ok',
      'ok',
      'ok',
      'ok',
    ]);
  });

  it.each([
    [
      'a debugger on the command line',
      { nodeFlags: ['--inspect=0.0.0.0:9229'] },
      'debugger',
      'fail',
    ],
    ['a debugger by NODE_OPTIONS', { nodeOptions: ['--inspect-brk'] }, 'debugger', 'fail'],
    ['core dumps', { dumpsCore: true }, 'dumps', 'fail'],
    ['heap snapshots', { nodeFlags: ['--heapsnapshot-signal=SIGUSR2'] }, 'dumps', 'fail'],
    ['certificates unchecked', { tlsRejectUnauthorized: '0' }, 'tls', 'fail'],
    ['a proxy', { proxies: ['HTTPS_PROXY'] }, 'proxy', 'warn'],
  ] as const)('is found out: %s', (_what, change, check, verdict) => {
    expect(verdictOf(machineChecks({ ...machine, ...change }, database), check)).toBe(verdict);
  });
});
