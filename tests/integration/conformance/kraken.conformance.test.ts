import { ccxtWorld } from './ccxt-world.ts';
import { venueConformance } from './venue-conformance.ts';

venueConformance('Kraken', (options) => ccxtWorld('kraken', options));
