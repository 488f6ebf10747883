import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ControlDirectory } from '../../../src/adapters/files/control-directory.ts';
import type { OperatorCommand } from '../../../src/core/operator.ts';

let directory: string;
let control: ControlDirectory;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'quantsage-control-'));
  control = new ControlDirectory(join(directory, 'run.db'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const order = (act: OperatorCommand['act'], at: number, reason = 'because'): OperatorCommand => {
  return { act, reason, by: `quantsage ${act}`, at };
};

describe('the control directory', () => {
  it('knows of nothing before anybody gave a command', () => {
    expect(control.pending()).toEqual([]);
    expect(control.halt()).toBeNull();
  });

  it('hands commands over in the order they were given, two of one instant too', () => {
    const given = [order('halt', 7), order('flatten', 7), order('halt', 8), order('flatten', 30)];
    for (const each of given) control.give(each);
    expect(control.pending().map(({ act, at }) => [act, at])).toEqual([
      ['halt', 7],
      ['flatten', 7],
      ['halt', 8],
      ['flatten', 30],
    ]);
  });

  it('forgets a command that is done, and no other', () => {
    control.give(order('halt', 1));
    control.give(order('flatten', 2));
    control.done(control.pending()[0]?.id ?? '');
    expect(control.pending().map(({ act }) => act)).toEqual(['flatten']);
  });

  it('takes back with a resume what was never followed', () => {
    control.give(order('flatten', 1));
    control.give(order('halt', 2));
    control.give(order('resume', 3));
    expect(control.pending().map(({ act }) => act)).toEqual(['resume']);
    expect(control.halt()).toBeNull();
  });

  it.each(['halt', 'flatten'] as const)('keeps a standing halt after %s until a resume', (act) => {
    control.give(order(act, 1, 'maintenance'));
    for (const { id } of control.pending()) control.done(id);
    expect(control.halt()).toEqual(order(act, 1, 'maintenance'));
    control.give(order('resume', 2));
    expect(control.halt()).toBeNull();
  });

  it('takes an empty halt file that somebody made by hand for a halt', () => {
    mkdirSync(join(directory, 'run.db.control'));
    writeFileSync(control.haltFile, '');
    expect(control.halt()).toMatchObject({ act: 'halt', by: 'halt file' });
  });

  it.runIf(process.getuid?.() !== 0)('takes a halt file it may not read for a halt', () => {
    control.give(order('halt', 1));
    chmodSync(control.haltFile, 0);
    expect(control.halt()).toMatchObject({ act: 'halt' });
  });

  it('overlooks files that are no commands', () => {
    control.give(order('halt', 1));
    const path = join(directory, 'run.db.control');
    writeFileSync(join(path, '0000000000002-0000-halt.json'), '{"act":"buy everything"}');
    writeFileSync(join(path, 'notes.txt'), 'hello');
    writeFileSync(join(path, '0000000000003-0000-halt.json.part'), '{}');
    expect(control.pending().map(({ at }) => at)).toEqual([1]);
  });

  it('is for its owner alone, and leaves no half-written file behind', () => {
    control.give(order('halt', 1));
    const path = join(directory, 'run.db.control');
    expect(statSync(path).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(path)) {
      expect(name).not.toContain('.part');
      expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
    }
  });

  it('names the directory where it cannot be written', () => {
    writeFileSync(join(directory, 'run.db.control'), 'a file in its place');
    expect(() => control.give(order('halt', 1))).toThrow(`control directory ${directory}`);
  });
});
