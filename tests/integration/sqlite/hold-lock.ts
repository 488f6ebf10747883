import { takeLock } from '../../../src/adapters/sqlite/instance-lock.ts';

// Takes the lock it is given, says so, and holds it until somebody ends it.
const [path = ''] = process.argv.slice(2);
takeLock({ path, purpose: 'a test', now: Date.now() });
process.stdout.write('held\n');
setInterval(() => undefined, 60_000);
