import { createRequire } from 'node:module';
import type * as technicalindicators from 'technicalindicators';
import { StrategyError } from '../../core/errors.ts';

export type Library = typeof technicalindicators;

let library: Library | null = null;

/**
 * Loads the package `technicalindicators` on the first call, and at once: strategies are made
 * synchronously, and a run that asks for none of its indicators must not pay for it.
 */
export function loadLibrary(): Library {
  if (library === null) {
    const loaded: unknown = createRequire(import.meta.url)('technicalindicators');
    if (!isLibrary(loaded)) {
      throw new StrategyError(
        'the package technicalindicators 3.1 was expected, was another one; run "npm ci"',
      );
    }
    library = loaded;
  }
  return library;
}

function isLibrary(loaded: unknown): loaded is Library {
  return typeof loaded === 'object' && loaded !== null && 'IchimokuCloud' in loaded;
}
