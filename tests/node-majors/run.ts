/**
 * The same backtests under other majors of Node: fetches each as the npm package `node-<platform>`,
 * builds better-sqlite3 for it in a copy of this checkout, and compares what comes out with the
 * Node that runs this. Needs the npm registry and a C++ compiler, and about 90 seconds a major.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { backtestProof, type Proof } from '../support/fresh-process.ts';

const MAJORS = [22, 24];
const STRATEGIES = ['mean_reversion_crypto', 'momentum_crypto'];
const ADDON = 'better-sqlite3';
const PROJECT = path.resolve(import.meta.dirname, '../..');

interface Candidate {
  readonly version: string;
  readonly node: string;
  readonly project: string;
}

interface Outcome {
  readonly version: string;
  readonly strategy: string;
  readonly proof: Proof;
}

/** Downloads and unpacks one major; returns the folder that holds its `bin` and `include`. */
function fetchNode(major: number, folder: string): string {
  mkdirSync(folder);
  const name = `node-${process.platform}-${process.arch}@${major}`;
  const options = { cwd: folder, encoding: 'utf8' } as const;
  execFileSync('npm', ['pack', name, '--silent'], { ...options, stdio: 'pipe' });
  const [archive] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  if (archive === undefined) throw new Error(`an archive of ${name} was expected, was nothing`);
  execFileSync('tar', ['xzf', archive], options);
  return path.join(folder, 'package');
}

/** A copy of the program that shares all packages but the addon, which is built for that Node. */
function prepare(major: number, folder: string): Candidate {
  const root = fetchNode(major, folder);
  const node = path.join(root, 'bin/node');
  const project = path.join(folder, 'project');
  for (const entry of ['package.json', 'src', 'config']) {
    cpSync(path.join(PROJECT, entry), path.join(project, entry), { recursive: true });
  }
  const modules = path.join(PROJECT, 'node_modules');
  const copies = path.join(project, 'node_modules');
  mkdirSync(copies);
  for (const entry of readdirSync(modules)) {
    if (entry !== ADDON) symlinkSync(path.join(modules, entry), path.join(copies, entry));
  }
  const build = path.join(modules, ADDON, 'build');
  cpSync(path.join(modules, ADDON), path.join(copies, ADDON), {
    recursive: true,
    filter: (source) => source !== build,
  });
  execFileSync(node, [nodeGyp(), 'rebuild', '--release', `--nodedir=${root}`], {
    cwd: path.join(copies, ADDON),
    env: {
      ...process.env,
      // npm's own setting of that name would win over the argument.
      npm_config_nodedir: root,
      JOBS: 'max',
      PATH: `${path.dirname(node)}:${process.env['PATH']}`,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  return { version, node, project };
}

/** The build tool that npm carries with it. */
function nodeGyp(): string {
  const packages = execFileSync('npm', ['root', '--global'], { encoding: 'utf8' }).trim();
  return path.join(packages, 'npm/node_modules/node-gyp/bin/node-gyp.js');
}

async function outcomesOf({ version, node, project }: Candidate): Promise<readonly Outcome[]> {
  const cwd = mkdtempSync(path.join(tmpdir(), 'quantsage-run-'));
  try {
    const outcomes: Outcome[] = [];
    for (const strategy of STRATEGIES) {
      const args = ['--strategy', strategy, '--db', path.join(cwd, 'sample.db')];
      const proof = await backtestProof(args, { cwd, node, project });
      outcomes.push({ version, strategy, proof });
    }
    return outcomes;
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

/** Prints a line an outcome; false where one differs from the expected one of its strategy. */
function compare(expected: readonly Outcome[], actual: readonly Outcome[]): boolean {
  let allEqual = true;
  for (const { version, strategy, proof } of actual) {
    const reference = expected.find((outcome) => outcome.strategy === strategy);
    const isEqual = JSON.stringify(reference?.proof) === JSON.stringify(proof);
    allEqual &&= isEqual;
    const verdict = isEqual ? 'equal' : 'DIFFERENT';
    say(`${version.padEnd(10)} ${strategy.padEnd(22)} ${proof.result_hash}  ${verdict}`);
  }
  return allEqual;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const folder = mkdtempSync(path.join(tmpdir(), 'quantsage-majors-'));
try {
  const own = { version: process.version, node: process.execPath, project: PROJECT };
  const expected = await outcomesOf(own);
  compare(expected, expected);
  for (const major of MAJORS) {
    const candidate = prepare(major, path.join(folder, String(major)));
    if (!compare(expected, await outcomesOf(candidate))) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
