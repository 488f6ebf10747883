import type { DoctorFlags } from '../commands/doctor.ts';
import { withCommon, type AddCommand } from './command-parts.ts';

export const addDoctor: AddCommand = (program, io, finish) => {
  withCommon(
    program
      .command('doctor')
      .summary('look at everything that live trading depends on, without trading')
      .description(
        'Look at machine, files, keys, database, configuration and exchange, without trading.\n\n' +
          'Exit code 2 where something would keep "quantsage live" from starting.',
      )
      .option('--exchange <id>', 'the exchange to ask (default: data.exchange)')
      .option('--offline', 'ask no exchange'),
  ).action(async (flags: DoctorFlags) => {
    const { doctor } = await import('../commands/doctor.ts');
    finish(await doctor(flags, io));
  });
};
