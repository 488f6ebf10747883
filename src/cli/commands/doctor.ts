import type { Finding } from '../../app/doctor/finding.ts';
import { runDoctor } from '../../app/doctor/run-doctor.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { parseExchange, workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { renderFindings } from '../render/findings-table.ts';
import { printJson } from '../render/json.ts';
import { plural } from '../render/number-format.ts';

export interface DoctorFlags extends CommonFlags {
  readonly exchange?: string;
  readonly offline?: boolean;
}

/** `doctor`: everything live trading depends on; exit 2 where something would keep it from starting. */
export async function doctor(flags: DoctorFlags, io: CommandIo): Promise<ExitCode> {
  const { exchange, offline } = flags;
  const findings = await runDoctor({
    workspace: workspaceOptions(flags, io),
    exchange: exchange === undefined ? null : parseExchange(exchange),
    isOffline: offline === true,
    signal: io.signal,
  });
  const failed = findings.filter(({ verdict }) => verdict === 'fail').length;
  if (flags.json === true) printJson(io, { isHealthy: failed === 0, findings });
  else {
    io.stdout(renderFindings(findings));
    io.stdout(`${verdictOf(findings)}\n`);
  }
  return failed === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
}

/** What it comes to; the last word must not contradict a line above it. */
function verdictOf(findings: readonly Finding[]): string {
  const failed = findings.filter(({ verdict }) => verdict === 'fail').length;
  if (failed > 0) return `${plural(failed, 'thing')} to mend before live trading`;
  const isDisabled = findings.some(({ check, verdict }) => check === 'live' && verdict === 'warn');
  const hasKeys = !findings.some(({ check, verdict }) => check === 'keys' && verdict === 'warn');
  if (!hasKeys) return 'all is well for paper trading; for live trading see "keys" above';
  return isDisabled
    ? 'all is well; live trading would start once live.enabled is true'
    : 'nothing keeps live trading from starting';
}
