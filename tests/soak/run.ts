import { parseArgs } from 'node:util';
import { compileProgram } from '../support/compiled-program.ts';
import { LapsedTime } from '../support/processes/lapsed-time.ts';
import { TradingStage } from '../support/processes/trading-stage.ts';
import { operate } from './operate.ts';
import { watchEngine } from './watch-engine.ts';

/**
 * `npm run soak -- --minutes 5`: paper trading in a process of its own at an exchange of this one, in
 * real time, some of it under the commands of an operator. Prints what it measured; exits with 1 where
 * any of it is not as it should be.
 *
 * `--speed 20` lets time pass so many times as fast: bars of three seconds.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    speed: { type: 'string', default: '1' },
  },
});
const minutes = Number(values.minutes);
const time = new LapsedTime(Number(values.speed));
const tell = (line: string): void => void process.stdout.write(`${line}\n`);

const program = compileProgram();
const stage = new TradingStage({ main: program.main, time });
const faults: string[] = [];
try {
  await stage.open();
  tell(`soak: ${minutes} minutes of paper trading, time ${time.speed} times as fast`);
  faults.push(...(await watchEngine({ stage, minutes, speed: time.speed, tell })));
  faults.push(...(await operate({ stage, tell })));
} finally {
  await stage.close();
  program.delete();
}
for (const fault of faults) tell(`not so: ${fault}`);
tell(faults.length === 0 ? 'all is as it should be' : `${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
