import { checkConfig as check } from '../../app/check-config.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson } from '../render/json.ts';

/** `config check`: the effective configuration, or the first thing wrong with it (exit 2). */
export function checkConfig(flags: CommonFlags, io: CommandIo): ExitCode {
  const checked = check(openWorkspace(workspaceOptions(flags, io)));
  if (flags.json === true) {
    printJson(io, checked.config);
    return EXIT_CODES.done;
  }
  io.stdout(`# effective configuration, files in ${checked.directory}\n${checked.general}`);
  for (const { id, text } of checked.strategies) io.stdout(`\n# strategies/${id}.yaml\n${text}`);
  return EXIT_CODES.done;
}
