import { closest } from 'fastest-levenshtein';
import { ConfigError } from '../../core/errors.ts';
import type { LibraryName, LibraryOptionsOf, LibraryValueOf } from './library-catalogue.ts';
import { LibraryOptions } from './library-options.ts';
import { PATTERNS } from './library-patterns.ts';
import { RECURSIONS } from './library-recursions.ts';
import { RecursiveStream, WindowStream } from './library-stream.ts';
import type { LibraryIndicator, Recipe } from './library-stream.ts';
import { WINDOWS } from './library-windows.ts';
import { loadLibrary } from './load-library.ts';

type Recipes = { readonly [Name in LibraryName]: Recipe<LibraryValueOf<Name>> };

const ALL_RECIPES: Recipes = { ...WINDOWS, ...RECURSIONS, ...PATTERNS };

const LIBRARY_NAMES: readonly string[] = Object.keys(ALL_RECIPES).sort();

const NOT_PER_BAR = 'it is no series of one reading a bar';

/** What the library has and we do not give, in lower case, and why. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['sma', "use the engine's own: indicators.sma({ period })"],
  ['ema', "use the engine's own: indicators.ema({ period })"],
  ['macd', "use the engine's own: indicators.macd({ fast, slow, signal })"],
  ['rsi', "use the engine's own, which is not rounded: indicators.rsi({ period })"],
  ['atr', "use the engine's own: indicators.atr({ period })"],
  ['sd', "use the engine's own: indicators.standardDeviation({ period })"],
  ['standarddeviation', "use the engine's own: indicators.standardDeviation({ period })"],
  ['zscore', "use the engine's own: indicators.zScore({ period })"],
  ['bollingerbands', "use the engine's own: indicators.bollingerBands({ period, deviations })"],
  ['adl', 'the library rounds it to whole units of volume; use "mfi" or "obv" instead'],
  ['volumeprofile', NOT_PER_BAR],
  ['renko', NOT_PER_BAR],
  ['fibonacciretracement', NOT_PER_BAR],
  ['crossup', 'it compares two lines; compare the readings of two indicators instead'],
  ['crossdown', 'it compares two lines; compare the readings of two indicators instead'],
]);

/**
 * An indicator of the package `technicalindicators`, by our name for it. Throws a `ConfigError`
 * on a name that is not supported, and on an option that is missing, wrong or unknown.
 */
export function libraryIndicator<Name extends LibraryName>(
  name: Name,
  given: LibraryOptionsOf<Name>,
): LibraryIndicator<LibraryValueOf<Name>> {
  const { read, plan } = recipeOf(name);
  const options = new LibraryOptions(name, given);
  const planned = plan(loadLibrary(), options);
  options.refuseOthers();
  return 'forget' in planned ? new RecursiveStream(planned, read) : new WindowStream(planned, read);
}

function recipeOf<Name extends LibraryName>(name: Name): Recipe<LibraryValueOf<Name>> {
  if (Object.hasOwn(ALL_RECIPES, name)) return ALL_RECIPES[name];
  const plain = name.toLowerCase().replaceAll(/[^a-z]/g, '');
  const reason = REFUSED.get(plain);
  if (reason !== undefined) {
    throw new ConfigError(`the library indicator "${name}" is not supported: ${reason}`);
  }
  throw new ConfigError(
    `the name of a library indicator was expected, was "${name}"; ` +
      `did you mean "${closestName(plain)}"?`,
  );
}

function closestName(plain: string): string {
  const same = LIBRARY_NAMES.find((known) => known.toLowerCase() === plain);
  return same ?? closest(plain, [...LIBRARY_NAMES]);
}
