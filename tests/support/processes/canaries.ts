import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { FrontEnd, WireResponse } from '../exchange-sim/wire.ts';
import type { Call } from '../exchange-sim/fates.ts';
import { passingOn } from './passing-on.ts';
import type { TradingProcess } from './trading-process.ts';

/** A secret that must not be seen anywhere, and one way in which it may be written. */
interface Spelling {
  readonly name: string;
  readonly text: string;
}

/** Lines of a key that say nothing: its frame. */
const FRAME = '-----';
const LINE_MIN = 16;

/** Every way in which a secret may surface. Written anew here: the program's own list may lack one. */
export function spellingsOf(secrets: Readonly<Record<string, string>>): readonly Spelling[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const bytes = Buffer.from(secret);
    const lines = secret.split('\n').filter((line) => line.length >= LINE_MIN);
    const all = [
      ['as it is', secret],
      ['URL-encoded', encodeURIComponent(secret)],
      ['form-encoded', new URLSearchParams({ a: secret }).toString().slice(2)],
      ['base64', bytes.toString('base64')],
      ['base64url', bytes.toString('base64url')],
      ['in JSON', JSON.stringify(secret).slice(1, -1)],
      ...lines.filter((line) => !line.startsWith(FRAME)).map((line) => ['a line', line]),
    ];
    return all.map(([how = '', text = '']) => ({ name: `${name} ${how}`, text: text.trimEnd() }));
  });
}

/** Where secrets are seen, as `place: secret`; empty where they are not. */
export class CanaryWatch {
  readonly #spellings: readonly Spelling[];
  readonly #seen = new Set<string>();

  constructor(secrets: Readonly<Record<string, string>>) {
    this.#spellings = spellingsOf(secrets);
  }

  get seen(): readonly string[] {
    return [...this.#seen].sort();
  }

  /** Looks through all files below a folder but the one that holds the keys. */
  lookInto(folder: string): void {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name === '.env') continue;
      const file = join(entry.parentPath, entry.name);
      // Bytes as they are: databases hold texts among others.
      this.look(relative(folder, file), readFileSync(file, 'latin1'));
    }
  }

  lookAt(what: string, { stdout, stderr }: TradingProcess): void {
    this.look(`${what}: stdout`, stdout);
    this.look(`${what}: stderr`, stderr);
  }

  look(place: string, text: string): void {
    for (const { name, text: spelling } of this.#spellings) {
      // Whoever has the most of it has it: texts are cut off somewhere.
      const begin = spelling.slice(0, Math.max(LINE_MIN, Math.ceil(spelling.length / 4)));
      if (text.includes(begin)) this.#seen.add(`${place}: ${name}`);
    }
  }
}

/** What an exchange says that repeats all it knows of whoever asks. */
export class Echo {
  readonly #text: string;
  /** The requests that are answered so; null for none. */
  calls: ReadonlySet<Call> | null = null;
  /** How often it answered. */
  count = 0;

  constructor(secrets: Readonly<Record<string, string>>) {
    this.#text = spellingsOf(secrets)
      .map(({ text }) => text)
      .join(' ');
  }

  between(frontEnd: FrontEnd): FrontEnd {
    return passingOn(frontEnd, {
      answer: (request) => {
        const call = frontEnd.callOf(request);
        if (this.calls?.has(call) !== true) return frontEnd.answer(request);
        this.count += 1;
        return this.#answer();
      },
    });
  }

  /** A refusal, a server's page of errors, and an answer of no form, in turn. */
  #answer(): WireResponse {
    const json = { 'content-type': 'application/json' };
    // What is cut off of it is another part each time.
    const said = `${'no '.repeat(this.count % 70)}not for ${this.#text}`;
    const error = { code: -1100, msg: said, error: said, message: said, error_details: said };
    switch (this.count % 3) {
      case 0:
        return { status: 400, headers: json, body: JSON.stringify(error) };
      case 1:
        return { status: 502, headers: { 'content-type': 'text/html' }, body: `<p>${said}</p>` };
      default:
        return { status: 200, headers: json, body: JSON.stringify([said, { [said]: said }]) };
    }
  }
}
