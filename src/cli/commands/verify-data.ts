import { verifyData as verify, type VerifiedSeries } from '../../app/verify-data.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import {
  parseExchange,
  parseSymbols,
  parseTimeframe,
  workspaceOptions,
  type CommonFlags,
} from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson } from '../render/json.ts';
import { renderLedgers } from '../render/ledger-table.ts';
import { noDataText } from '../render/no-data.ts';

export interface VerifyFlags extends CommonFlags {
  readonly symbols?: string;
  readonly timeframe?: string;
  readonly exchange?: string;
  readonly strict?: boolean;
}

const TO_FILL_GAPS = 'to fill gaps: quantsage data repair --method refetch --dry-run\n';

/**
 * `data verify`: reads every stored bar and says what is wrong. Exit 5 where a stored bar breaks a
 * rule the engine relies on, and with `--strict` for a defect of any kind.
 */
export function verifyData(flags: VerifyFlags, io: CommandIo): ExitCode {
  const filter = {
    symbols: flags.symbols === undefined ? null : parseSymbols(flags.symbols),
    timeframe: flags.timeframe === undefined ? null : parseTimeframe(flags.timeframe),
    exchange: flags.exchange === undefined ? null : parseExchange(flags.exchange),
  };
  const workspace = openWorkspace(workspaceOptions(flags, io));
  try {
    const verified = verify(workspace.storedBars(), filter);
    if (flags.json === true) printJson(io, verified.map(modelOf));
    else if (verified.length === 0) io.stdout(noDataText(workspace.databasePath));
    else io.stdout(renderLedgers(verified));
    const lacksBars = verified.some(({ ledger }) => (ledger.missing ?? 0) > 0);
    if (lacksBars && flags.json !== true) io.stderr(TO_FILL_GAPS);
    const accepted = flags.strict === true ? ['clean'] : ['clean', 'defects'];
    const isAccepted = verified.every(({ ledger }) => accepted.includes(ledger.status));
    return isAccepted ? EXIT_CODES.done : EXIT_CODES.data;
  } finally {
    workspace.close();
  }
}

function modelOf({ series, ledger }: VerifiedSeries) {
  const { exchange, symbol, timeframe, adjustment, assetClass, calendar } = series;
  return { exchange, symbol, timeframe, adjustment, assetClass, calendar, ...ledger };
}
