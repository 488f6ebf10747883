/** A process of its own: asks more often at once than the limit lets it, and has to wait for it. */
import { NEVER, sourceOf } from './sources.ts';

const [endpoint = '', times = ''] = process.argv.slice(2);
const source = sourceOf(endpoint);
await Promise.all(Array.from({ length: Number(times) }, () => source.serverTime(NEVER)));
await source.close();
process.stdout.write('done');
