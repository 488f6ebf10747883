import { alpacaWorld } from './alpaca-world.ts';
import { venueConformance } from './venue-conformance.ts';

venueConformance('Alpaca', alpacaWorld);
