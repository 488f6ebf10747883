import { describe, expect, it } from 'vitest';
import { hour } from '../collect/listed-venue.ts';
import { FeedStage } from './feed-stage.ts';

const HALF = 1_800_000;

describe('a feed that starts afresh', () => {
  it('warms up on the bars before its start and trades the first that closes after it', async () => {
    const stage = new FeedStage({ now: hour(100) + HALF });
    stage.publish('BTC/USD', 0, 120);
    await stage.run(hour(103));
    expect(stage.lines).toEqual([
      'warmUp BTC 97 @100+1800s',
      'warmUp BTC 98 @100+1800s',
      'warmUp BTC 99 @100+1800s',
      'trade BTC 100 @101+5s',
      'trade BTC 101 @102+5s',
    ]);
  });
});
