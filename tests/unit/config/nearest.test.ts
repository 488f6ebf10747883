import { describe, expect, it } from 'vitest';
import { nearest, suggestion } from '../../../src/config/nearest.ts';

const KEYS = ['max_position', 'max_exposure', 'path'];

describe('the nearest word', () => {
  it.each([
    ['max_postion', 'max_position'],
    ['MAX_POSITION', 'max_position'],
    ['maxposition', 'max_position'],
    ['pth', 'path'],
    ['something', null],
  ])('to %s is %s', (word, expected) => {
    expect(nearest(word, KEYS)).toBe(expected);
  });

  it('is suggested, or else all that is known is listed', () => {
    expect(suggestion('pathh', KEYS, 'keys')).toBe('; did you mean "path"?');
    expect(suggestion('zzzzzz', KEYS, 'keys')).toBe(
      '; known keys: max_position, max_exposure, path',
    );
    expect(suggestion('zzzzzz', [], 'keys')).toBe('');
  });
});
