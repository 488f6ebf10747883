import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import timers from 'node:timers';
import type { AmbientKind } from './trial.ts';

/** Told of every call of something that a decision must not rest on, before it is made. */
export type Note = (kind: AmbientKind, input: string, args: readonly unknown[]) => void;

interface Trapped {
  readonly kind: AmbientKind;
  readonly on: object;
  readonly name: string;
  readonly members: readonly string[];
}

const SYNC_FILE_CALLS = [
  'accessSync',
  'appendFileSync',
  'existsSync',
  'lstatSync',
  'mkdirSync',
  'openSync',
  'readdirSync',
  'readFileSync',
  'realpathSync',
  'statSync',
  'writeFileSync',
] as const;
const FILE_CALLS = [
  'access',
  'appendFile',
  'createReadStream',
  'createWriteStream',
  'open',
  'readFile',
  'readdir',
  'stat',
  'watch',
  'writeFile',
] as const;
const FILE_PROMISES = ['access', 'appendFile', 'open', 'readFile', 'readdir', 'stat', 'writeFile'];
const PROCESS_CALLS = [
  'exec',
  'execFile',
  'execFileSync',
  'execSync',
  'fork',
  'spawn',
  'spawnSync',
];
const RANDOM_CALLS = [
  'getRandomValues',
  'randomBytes',
  'randomFillSync',
  'randomInt',
  'randomUUID',
];
const TIMER_CALLS = ['setTimeout', 'setInterval', 'setImmediate'];

function trappedCalls(): readonly Trapped[] {
  const globalCrypto: unknown = Object.getPrototypeOf(globalThis.crypto);
  return [
    { kind: 'randomness', on: Math, name: 'Math.', members: ['random'] },
    { kind: 'randomness', on: crypto, name: 'crypto.', members: RANDOM_CALLS },
    {
      kind: 'randomness',
      on: objectOr(globalCrypto, {}),
      name: 'crypto.',
      members: ['getRandomValues', 'randomUUID'],
    },
    { kind: 'clock', on: globalThis.performance, name: 'performance.', members: ['now'] },
    {
      kind: 'clock',
      on: process,
      name: 'process.',
      members: ['hrtime', 'uptime', 'cpuUsage', 'memoryUsage'],
    },
    { kind: 'clock', on: process.hrtime, name: 'process.hrtime.', members: ['bigint'] },
    { kind: 'timer', on: globalThis, name: '', members: TIMER_CALLS },
    { kind: 'timer', on: timers, name: '', members: TIMER_CALLS },
    { kind: 'network', on: globalThis, name: '', members: ['fetch'] },
    { kind: 'network', on: http, name: 'http.', members: ['get', 'request'] },
    { kind: 'network', on: https, name: 'https.', members: ['get', 'request'] },
    { kind: 'network', on: net, name: 'net.', members: ['connect', 'createConnection'] },
    { kind: 'file', on: fs, name: 'fs.', members: [...SYNC_FILE_CALLS, ...FILE_CALLS] },
    { kind: 'file', on: fs.promises, name: 'fs.promises.', members: FILE_PROMISES },
    { kind: 'process', on: childProcess, name: 'child_process.', members: PROCESS_CALLS },
  ];
}

/**
 * Puts itself around the clock, chance, timers, network, files, environment and processes, for as
 * long as the process lives. Every call still does what it did.
 */
export function setTraps(note: Note): void {
  for (const { kind, on, name, members } of trappedCalls()) {
    for (const member of members)
      trap(on, member, (args) => note(kind, `${name}${member}()`, args));
  }
  trapDate(note);
  trapEnvironment(note);
  syncBuiltinESMExports();
}

function trap(on: object, member: string, note: (args: readonly unknown[]) => void): void {
  const original: unknown = Reflect.get(on, member);
  if (typeof original !== 'function') return;
  // A few lead on to what is trapped elsewhere, and cannot be replaced themselves.
  if (Object.getOwnPropertyDescriptor(on, member)?.configurable === false) return;
  const trapped = function (this: unknown, ...args: unknown[]): unknown {
    note(args);
    return Reflect.apply(original, this, args);
  };
  Object.defineProperties(trapped, Object.getOwnPropertyDescriptors(original));
  Object.defineProperty(on, member, { value: trapped, writable: true, configurable: true });
}

function objectOr(value: unknown, otherwise: object): object {
  return typeof value === 'object' && value !== null ? value : otherwise;
}

/** A time that is given is a calculation; only the present one comes from outside. */
function trapDate(note: Note): void {
  const now = (): number => {
    note('clock', 'Date.now()', []);
    return original.now();
  };
  const original = Date;
  const trapped = new Proxy(original, {
    get: (target, key): unknown => (key === 'now' ? now : Reflect.get(target, key)),
    construct: (target, args, newTarget) => {
      if (args.length === 0) note('clock', 'new Date()', []);
      return objectOr(Reflect.construct(target, args, newTarget), target);
    },
    apply: (target) => {
      note('clock', 'Date()', []);
      return target();
    },
  });
  globalThis.Date = trapped;
}

function trapEnvironment(note: Note): void {
  const variables: unknown = Reflect.get(process, 'env');
  const named = (key: string | symbol) => {
    if (typeof key === 'string') note('environment', `environment variable ${key}`, []);
  };
  const trapped = new Proxy(objectOr(variables, {}), {
    get: (target, key): unknown => {
      named(key);
      return Reflect.get(target, key);
    },
    has: (target, key) => {
      named(key);
      return Reflect.has(target, key);
    },
  });
  Object.defineProperty(process, 'env', { value: trapped, writable: true, configurable: true });
}
