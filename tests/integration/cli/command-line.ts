import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SqliteRunStore } from '../../../src/adapters/sqlite/sqlite-run-store.ts';
import type { Terminal } from '../../../src/cli/io.ts';
import { runCli } from '../../../src/cli/run-cli.ts';
import type { RunSummary } from '../../../src/ports/run-store.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Files = Readonly<Record<string, string | Buffer>>;

/** Where commands keep their database unless told otherwise. */
export const DATABASE = 'data/quantsage.db';

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const MAIN = path.resolve('src/cli/main.ts');

/** A user's directory, and commands run in it. */
export class UserDirectory {
  readonly path: string;

  constructor(files: Files = {}) {
    this.path = mkdtempSync(path.join(tmpdir(), 'quantsage-cli-'));
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  /** Runs one command line in this process, as if started in the directory. */
  async run(...args: readonly string[]): Promise<Outcome> {
    return this.runAt({}, ...args);
  }

  /** The same, for a command that only prepares what is tested: throws unless it exits 0. */
  async prepare(...args: readonly string[]): Promise<void> {
    const { code, stderr } = await this.run(...args);
    if (code !== 0) throw new Error(`exit 0 was expected, was ${code}: ${stderr}`);
  }

  /** The same, with Ctrl-C pressed as soon as it starts. */
  async runInterrupted(...args: readonly string[]): Promise<Outcome> {
    return this.runAt({ signal: AbortSignal.abort() }, ...args);
  }

  /** The same, at a terminal that differs from a plain one; it hears what is said as it is said. */
  async runAt(terminal: Partial<Terminal>, ...args: readonly string[]): Promise<Outcome> {
    const home = process.cwd();
    let stdout = '';
    let stderr = '';
    process.chdir(this.path);
    try {
      const code = await runCli(args, {
        isTerminal: false,
        signal: new AbortController().signal,
        ...terminal,
        stdout: (text) => {
          stdout += text;
          terminal.stdout?.(text);
        },
        stderr: (text) => {
          stderr += text;
          terminal.stderr?.(text);
        },
      });
      return { code, stdout, stderr };
    } finally {
      process.chdir(home);
    }
  }

  /** Starts one command line in a process of its own. */
  start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): StartedCommand {
    const [command = '', ...words] = this.commandLine(args);
    return new StartedCommand(
      spawn(command, words, { cwd: this.path, env: { ...process.env, ...environment } }),
    );
  }

  /** The words that start it from a shell. */
  commandLine(args: readonly string[]): readonly string[] {
    return [process.execPath, '--import', LOADER, MAIN, ...args];
  }

  write(name: string, content: string | Buffer): void {
    mkdirSync(path.dirname(this.at(name)), { recursive: true });
    writeFileSync(this.at(name), content);
  }

  read(name: string): string {
    return readFileSync(this.at(name), 'utf8');
  }

  has(name: string): boolean {
    return existsSync(this.at(name));
  }

  at(name: string): string {
    return path.join(this.path, name);
  }

  /** Recorded runs, the first one first. */
  runs(): readonly RunSummary[] {
    const database = openDatabase(this.at(DATABASE), { readonly: true });
    try {
      return new SqliteRunStore(database).list();
    } finally {
      database.close();
    }
  }

  /** Every row of the tables, as text: equal before and after where nothing was written. */
  rows(...tables: readonly string[]): string {
    const database = openDatabase(this.at(DATABASE), { readonly: true });
    try {
      return JSON.stringify(
        tables.map((table) => database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()),
      );
    } finally {
      database.close();
    }
  }

  delete(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A command in a process of its own, and what it has said so far. */
export class StartedCommand {
  readonly process: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<number | null>;
  #stdout = '';
  #stderr = '';

  constructor(child: ChildProcessWithoutNullStreams) {
    this.process = child;
    child.stdout.on('data', (chunk: Buffer) => void (this.#stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => void (this.#stderr += chunk.toString()));
    this.#ended = new Promise((resolve) => {
      child.on('close', resolve);
    });
  }

  /** Everything it said, once it is over. */
  async outcome(): Promise<Outcome> {
    const code = await this.#ended;
    return { code, stdout: this.#stdout, stderr: this.#stderr };
  }
}

/** Makes directories that go when the test file is over. */
export function userDirectories(): (files?: Files) => UserDirectory {
  const made: UserDirectory[] = [];
  afterAll(() => {
    for (const directory of made) directory.delete();
  });
  return (files) => {
    const directory = new UserDirectory(files);
    made.push(directory);
    return directory;
  };
}

/** The one sentence of a refused command: no result, no stack, nothing after it. */
export function refusalOf({ stdout, stderr }: Outcome): string {
  const lines = stderr.split('\n');
  if (stdout !== '' || lines.length !== 2 || lines[1] !== '' || !stderr.startsWith('error: ')) {
    throw new Error(
      `one sentence on stderr was expected, was ${JSON.stringify({ stdout, stderr })}`,
    );
  }
  return (lines[0] ?? '').slice('error: '.length);
}
