import { formatTime } from '../../../core/time.ts';
import { barName, type Finding } from '../findings.ts';
import type { AmbientUse, Place, TrialSeries } from '../trial.ts';
import { holdsBars } from './file-evidence.ts';

interface AmbientVerdict {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

interface Market {
  readonly series: readonly TrialSeries[];
  readonly start: number;
  readonly databasePath: string;
}

/**
 * What a strategy reached for besides what it is given. While it is made or asked that is a finding;
 * while its module is loaded it is worth a note, unless the file that was read holds the very bars.
 */
export function judgeUses(uses: readonly AmbientUse[], market: Market): AmbientVerdict {
  const leaks = uses.filter(({ file }) => file !== null && holdsBars(file, market));
  const others = uses.filter((use) => !leaks.includes(use));
  const [atLoad, later] = [
    others.filter(({ place }) => place.phase === 'load'),
    others.filter(({ place }) => place.phase !== 'load'),
  ];
  return {
    findings: [...leaks.map((use) => leakFinding(use, market.start)), ...later.map(useFinding)],
    notes: atLoad.map(
      (use) =>
        `${inputOf(use)} is used when the module is loaded${at(use)}, which the check cannot vary`,
    ),
  };
}

function leakFinding(use: AmbientUse, start: number): Finding {
  const { place, source, file } = use;
  return {
    kind: 'look_ahead',
    symbol: place.symbol,
    bar: barName(place.openTime ?? start),
    input: `file ${file ?? ''}`,
    message: `${inputOf(use)} ${when(place)}: the file holds the bars of the run, later ones included`,
    source,
  };
}

function useFinding(use: AmbientUse): Finding {
  const { kind, place, source } = use;
  return {
    kind,
    symbol: place.symbol,
    bar: barName(place.openTime),
    input: inputOf(use),
    message: `${inputOf(use)} was used ${when(place)}: a decision may rest on bars, indicators and position alone`,
    source,
  };
}

function inputOf({ input, file }: AmbientUse): string {
  return file === null ? input : `${input.replace(/\(\)$/, '')}(${JSON.stringify(file)})`;
}

function when({ phase, symbol, openTime }: Place): string {
  if (phase === 'load') return 'when the module was loaded';
  if (phase === 'declare') return 'in informative()';
  if (phase === 'create')
    return symbol === null ? 'in createForAll()' : `in create() for ${symbol}`;
  const bar = openTime === null ? 'a bar' : formatTime(openTime);
  return symbol === null ? `in onBars on ${bar}` : `in onBar of ${symbol} on ${bar}`;
}

function at({ source }: AmbientUse): string {
  return source === null ? '' : ` (${source})`;
}
