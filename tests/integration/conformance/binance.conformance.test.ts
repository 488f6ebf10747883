import { ccxtWorld } from './ccxt-world.ts';
import { venueConformance } from './venue-conformance.ts';

venueConformance('Binance', (options) => ccxtWorld('binance', options));
