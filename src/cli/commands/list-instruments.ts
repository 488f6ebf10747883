import { storedInstruments, type ListedInstrument } from '../../app/list-instruments.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { formatTime } from '../../core/time.ts';
import { parseExchange, parseSymbols, workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson } from '../render/json.ts';
import { noDataText } from '../render/no-data.ts';
import { minute, percent } from '../render/number-format.ts';
import { renderTable } from '../render/table.ts';

interface InstrumentFlags extends CommonFlags {
  readonly symbols?: string;
  readonly exchange?: string;
}

/** `data instruments`: what venues let one trade of their symbols, and since when. */
export function listInstruments(flags: InstrumentFlags, io: CommandIo): ExitCode {
  const filter = {
    symbols: flags.symbols === undefined ? null : parseSymbols(flags.symbols),
    timeframe: null,
    exchange: flags.exchange === undefined ? null : parseExchange(flags.exchange),
  };
  const workspace = openWorkspace(workspaceOptions(flags, io));
  try {
    const listed = storedInstruments(workspace.storedBars(), filter);
    if (flags.json === true) printJson(io, listed.map(plainTerms));
    else if (listed.length === 0) io.stdout(noDataText(workspace.databasePath));
    else io.stdout(tableOf(listed));
    return EXIT_CODES.done;
  } finally {
    workspace.close();
  }
}

/** Steps as text, since they are exact; null where they hold from ever on or nobody told. */
function plainTerms({ exchange, validFrom, instrument, origin, source }: ListedInstrument) {
  return {
    exchange,
    symbol: instrument.symbol,
    validFrom: validFrom === 0 ? null : formatTime(validFrom),
    quoteCurrency: instrument.quoteCurrency,
    tickSize: instrument.tickSize,
    lotStep: instrument.lotStep,
    minNotional: instrument.minNotional,
    maker: instrument.fees?.maker.toNumber() ?? null,
    taker: instrument.fees?.taker.toNumber() ?? null,
    origin,
    source,
  };
}

function tableOf(listed: readonly ListedInstrument[]): string {
  return renderTable({
    head: [
      'Exchange',
      'Symbol',
      'Valid from',
      'Tick',
      'Lot',
      'Minimum',
      'Maker',
      'Taker',
      'Source',
    ],
    align: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'right', 'left'],
    rows: listed.map((each) => {
      const { exchange, validFrom, instrument, origin, source } = each;
      return [
        exchange,
        instrument.symbol,
        validFrom === 0 ? 'always' : minute(formatTime(validFrom)),
        instrument.tickSize.toString(),
        instrument.lotStep.toString(),
        `${instrument.minNotional.toString()} ${instrument.quoteCurrency}`,
        instrument.fees === null ? '' : percent(instrument.fees.maker.toNumber()),
        instrument.fees === null ? '' : percent(instrument.fees.taker.toNumber()),
        origin === 'venue' ? source : `${source} (taken from prices)`,
      ];
    }),
  });
}
