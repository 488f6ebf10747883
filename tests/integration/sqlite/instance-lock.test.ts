import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLocked, lockHolder, takeLock } from '../../../src/adapters/sqlite/instance-lock.ts';
import { ConfigError } from '../../../src/core/errors.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'quantsage-lock-'));
  path = join(directory, 'run.db.lock');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const take = (now = 1_000) => takeLock({ path, purpose: 'paper trading in run.db', now });

/** Another process that holds the lock until it is killed. */
async function otherHolder() {
  const script = fileURLToPath(new URL('hold-lock.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('the lock of an engine', () => {
  it('is held by one at a time, and names who holds it', () => {
    const lock = take();
    expect(isLocked(path)).toBe(true);
    expect(() => take()).toThrow(ConfigError);
    expect(() => take()).toThrow(
      `another one runs: paper trading in run.db, process ${process.pid} on ${hostname()} since ` +
        '1970-01-01T00:00:01Z, last seen 1970-01-01T00:00:01Z',
    );
    lock.release();
    expect(isLocked(path)).toBe(false);
    take().release();
  });

  it('tells when its holder last lived', () => {
    const lock = take();
    lock.beat(9_000);
    expect(lockHolder(path)).toMatchObject({ started_at: 1_000, heartbeat_at: 9_000 });
    lock.release();
    lock.release();
    lock.beat(10_000);
    expect(lockHolder(path)).toBeNull();
  });

  it('keeps another process away for as long as that one lives, and no longer', async () => {
    const child = await otherHolder();
    expect(isLocked(path)).toBe(true);
    expect(() => take()).toThrow(`process ${child.pid ?? 0} on`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isLocked(path)).toBe(false);
    take().release();
  });

  it('is not taken from another machine whose heart still beats', () => {
    const lock = take();
    const holder = JSON.stringify({ ...lockHolder(path), host: 'elsewhere', heartbeat_at: 50_000 });
    lock.release();
    writeFileSync(`${path}.holder`, holder);
    expect(() => take(169_999)).toThrow('on elsewhere since');
    take(170_000).release();
  });

  it('is free at once for another machine after an orderly end', () => {
    take(1_000).release();
    expect(existsSync(`${path}.holder`)).toBe(false);
  });

  it('is seen though its holder file is torn', () => {
    const lock = take();
    writeFileSync(`${path}.holder`, '');
    expect(isLocked(path)).toBe(true);
    lock.release();
    expect(isLocked(path)).toBe(false);
  });

  it('does not stumble over a holder file that says nothing', () => {
    writeFileSync(`${path}.holder`, '{"pid":');
    const lock = take();
    expect(readFileSync(`${path}.holder`, 'utf8')).toContain('paper trading');
    lock.release();
  });
});
