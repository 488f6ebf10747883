import { ccxtWorld } from './ccxt-world.ts';
import { venueConformance } from './venue-conformance.ts';

venueConformance('Coinbase', (options) => ccxtWorld('coinbase', options));
