import { fillSampleMarket } from '../../app/sample-data.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { formatTime, timeframeMs } from '../../core/time.ts';
import { workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson } from '../render/json.ts';
import { count, minute } from '../render/number-format.ts';

/** `data sample`: stores the synthetic market, called so wherever it is shown. */
export function sampleData(flags: CommonFlags, io: CommandIo): ExitCode {
  const workspace = openWorkspace(workspaceOptions(flags, io));
  try {
    const series = fillSampleMarket(workspace.bars());
    if (flags.json === true) printJson(io, series);
    for (const { symbol, timeframe, bars, firstOpen, lastOpen } of series) {
      if (flags.json === true || firstOpen === null || lastOpen === null) continue;
      io.stdout(
        `sample ${symbol} ${timeframe}: ${count(bars)} synthetic bars, ` +
          `${minute(formatTime(firstOpen))} to ${minute(formatTime(lastOpen + timeframeMs(timeframe)))}\n`,
      );
    }
    return EXIT_CODES.done;
  } finally {
    workspace.close();
  }
}
