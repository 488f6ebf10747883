import { replayRecordedRun } from '../../app/replay/replay-recorded-run.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson } from '../render/json.ts';
import { renderReplay } from '../render/replay.ts';

/** `replay RUN`: whether the journal leads to the same orders again. Exit 5 where it does not. */
export async function replay(run: string, flags: CommonFlags, io: CommandIo): Promise<ExitCode> {
  const replayed = await replayRecordedRun(workspaceOptions(flags, io), run);
  if (flags.json === true) printJson(io, replayed);
  else io.stdout(renderReplay(replayed));
  return replayed.isIdentical ? EXIT_CODES.done : EXIT_CODES.data;
}
