import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { formatTime, timeframeMs } from '../../core/time.ts';
import { workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson } from '../render/json.ts';
import { noDataText } from '../render/no-data.ts';
import { count, minute } from '../render/number-format.ts';
import { renderTable } from '../render/table.ts';

/** `data list`: what series there are and how far they reach. */
export function listData(flags: CommonFlags, io: CommandIo): ExitCode {
  const workspace = openWorkspace(workspaceOptions(flags, io));
  try {
    const series = workspace.storedBars().series();
    if (flags.json === true) {
      printJson(io, series);
    } else if (series.length === 0) {
      io.stdout(noDataText(workspace.databasePath));
    } else {
      const rows = series.map(
        ({ exchange, symbol, timeframe, bars, firstOpen, lastOpen, ...each }) => [
          exchange,
          symbol,
          each.adjustment === 'raw' ? timeframe : `${timeframe} ${each.adjustment}`,
          count(bars),
          firstOpen === null ? '' : minute(formatTime(firstOpen)),
          lastOpen === null ? '' : minute(formatTime(lastOpen + timeframeMs(timeframe))),
        ],
      );
      io.stdout(
        renderTable({
          head: ['Exchange', 'Symbol', 'Timeframe', 'Bars', 'From', 'To'],
          align: ['left', 'left', 'left', 'right', 'left', 'left'],
          rows,
        }),
      );
    }
    return EXIT_CODES.done;
  } finally {
    workspace.close();
  }
}
