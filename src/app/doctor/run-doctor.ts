import { ConfigError, QuantSageError } from '../../core/errors.ts';
import type { ExchangeAccount } from '../../ports/exchange-account.ts';
import { openBarSource } from '../bar-sources.ts';
import { ENVIRONMENT_FILE, readMachine } from '../environment.ts';
import { openExchangeAccount } from '../exchange-accounts.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from '../workspace.ts';
import { databaseChecks } from './database-checks.ts';
import { exchangeChecks } from './exchange-checks.ts';
import { fail, ok, warn, type Finding } from './finding.ts';
import { machineChecks } from './machine-checks.ts';
import { secretChecks } from './secret-checks.ts';

interface DoctorRequest {
  readonly workspace: WorkspaceOptions;
  /** Null takes `data.exchange`. */
  readonly exchange: string | null;
  readonly isOffline: boolean;
  readonly signal: AbortSignal;
}

/** Looks at everything live trading depends on; a configuration that cannot be read is a finding too. */
export async function runDoctor(request: DoctorRequest): Promise<readonly Finding[]> {
  let workspace: Workspace;
  try {
    workspace = openWorkspace(request.workspace);
  } catch (error) {
    if (error instanceof QuantSageError) return [fail('configuration', error.message)];
    throw error;
  }
  try {
    const local = localChecks(workspace);
    if (request.isOffline) return local;
    return [...local, ...(await remoteChecks(workspace, request))];
  } finally {
    workspace.close();
  }
}

/** What can be known without asking anybody. */
export function localChecks(workspace: Workspace): readonly Finding[] {
  const { databasePath, config, machine } = workspace;
  const { version: node, execArgv: nodeFlags } = process;
  const dumpsCore = machine.dumpsCore();
  return [
    ...machineChecks({ ...readMachine(), node, nodeFlags, dumpsCore }, databasePath),
    ...secretChecks(ENVIRONMENT_FILE, databasePath),
    ok('configuration', `${workspace.directory} can be read`),
    config.riskLimits.enabled
      ? ok('risk limits', 'the risk limits are on')
      : fail('risk limits', 'risk_limits.enabled: true was expected, was false'),
    config.live.enabled
      ? ok('live', 'live trading is enabled')
      : warn('live', 'live.enabled is false: "quantsage live" will not start'),
    ...databaseChecks(databasePath),
  ];
}

async function remoteChecks(
  workspace: Workspace,
  { exchange, signal }: DoctorRequest,
): Promise<readonly Finding[]> {
  const { config, options, machine } = workspace;
  const { environment } = options;
  const asked = exchange ?? config.data.exchange;
  const settings = { config, environment, streaming: false, machine };
  const source = await openBarSource(asked, settings);
  try {
    const { account, problem } = await accountOf(asked, { ...settings, symbols: [] });
    try {
      const allowsWithdrawal = config.live.allowWithdrawalKeys;
      return await exchangeChecks(
        { source, account, problem, clock: machine.clock, allowsWithdrawal },
        signal,
      );
    } finally {
      await account?.close();
    }
  } finally {
    await source.close();
  }
}

/** Without keys there is none, which paper trading does not need. */
async function accountOf(
  exchange: string,
  settings: Parameters<typeof openExchangeAccount>[1],
): Promise<{ readonly account: ExchangeAccount | null; readonly problem: string | null }> {
  try {
    return { account: await openExchangeAccount(exchange, settings), problem: null };
  } catch (error) {
    if (error instanceof ConfigError) return { account: null, problem: error.message };
    throw error;
  }
}
