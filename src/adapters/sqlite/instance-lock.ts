import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import * as z from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { formatTime, type EpochMs } from '../../core/time.ts';
import type { Database } from './connection.ts';
import { openLasting } from './lasting-connection.ts';
import { sqliteCode } from './sqlite-faults.ts';

const holderSchema = z.object({
  pid: z.number(),
  host: z.string(),
  started_at: z.number(),
  heartbeat_at: z.number(),
  purpose: z.string(),
});

/** Who holds a lock, or held it last. */
export type LockHolder = z.output<typeof holderSchema>;

/** A lock that this process holds. */
export interface HeldLock {
  /** Says that this process still lives. */
  beat(now: EpochMs): void;
  /** Gives the lock back; doing it twice does nothing. */
  release(): void;
}

interface LockRequest {
  /** The file that is locked; beside it lies one that says by whom. */
  readonly path: string;
  /** What it is held for, for whoever finds it: `paper trading in data/quantsage.db`. */
  readonly purpose: string;
  readonly now: EpochMs;
}

/** So long a heartbeat of another machine counts: locks of the system do not reach there. */
const FOREIGN_BEAT_MS = 120_000;

/**
 * Takes a lock that one process at a time may hold. It is a lock of the operating system on an empty
 * database file: it ends with the process, however that ends, and no second process can take it in
 * between. Throws a `ConfigError` that names the holder.
 */
export function takeLock({ path, purpose, now }: LockRequest): HeldLock {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const last = lockHolder(path);
  if (last !== null && last.host !== hostname() && now - last.heartbeat_at < FOREIGN_BEAT_MS) {
    throw heldBy(last, path);
  }
  const connection = openLasting(path, { timeout: 0 });
  try {
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection.close();
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY') !== true) throw error;
    throw heldBy(lockHolder(path), path);
  }
  const beat = (time: EpochMs): void => {
    const { pid } = process;
    writeHolder(path, { pid, host: hostname(), started_at: now, heartbeat_at: time, purpose });
  };
  beat(now);
  let isHeld = true;
  return {
    beat: (time) => {
      if (isHeld) beat(time);
    },
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      // Whoever comes next, on whatever machine, need not wait for this heart to stop.
      rmSync(holderFile(path), { force: true });
      connection.close();
    },
  };
}

/** One connection a file: each that is opened is kept for good, and a watch looks every second. */
const probes = new Map<string, { readonly inode: number; readonly connection: Database }>();

/** True while some process of this machine holds the lock. */
export function isLocked(path: string): boolean {
  if (!existsSync(path)) return false;
  const probe = probeOf(path);
  try {
    probe.exec('BEGIN EXCLUSIVE');
    probe.exec('ROLLBACK');
    return false;
  } catch (error) {
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY') === true) return true;
    throw error;
  }
}

function probeOf(path: string): Database {
  const inode = statSync(path).ino;
  const known = probes.get(path);
  if (known?.inode === inode) return known.connection;
  // Somebody deleted the file and made another one of that name.
  known?.connection.close();
  const connection = openLasting(path, { timeout: 0 });
  probes.set(path, { inode, connection });
  return connection;
}

/** Who took the lock last; null where nobody ever did, or where the file says nothing readable. */
export function lockHolder(path: string): LockHolder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(holderFile(path), 'utf8')));
  } catch {
    return null;
  }
}

/** Replaced whole: whoever looks never meets half of it. */
function writeHolder(path: string, holder: LockHolder): void {
  const unfinished = `${holderFile(path)}.part`;
  writeFileSync(unfinished, JSON.stringify(holder), { mode: 0o600 });
  renameSync(unfinished, holderFile(path));
}

function holderFile(path: string): string {
  return `${path}.holder`;
}

function heldBy(holder: LockHolder | null, path: string): ConfigError {
  if (holder === null) {
    return new ConfigError(`one instance was expected, another process holds ${path}; stop it`);
  }
  const since = formatTime(holder.started_at);
  const seen = formatTime(holder.heartbeat_at);
  return new ConfigError(
    `one instance was expected, another one runs: ${holder.purpose}, process ${holder.pid} on ` +
      `${holder.host} since ${since}, last seen ${seen}; stop it first`,
  );
}
