import type { AnyEvent } from '../../core/events.ts';
import type { OrderId } from '../../core/ids.ts';
import type { OrderRejection } from '../../core/risk.ts';
import { GATES } from '../../core/operator.ts';
import type { Slice } from '../../core/bar.ts';
import type { SessionTerms } from '../replay/session-terms.ts';
import type { SessionState } from '../trading/session-state.ts';
import type { RecordedInput } from './recorded-inputs.ts';
import { RunMirror } from './run-mirror.ts';

/** Halts that a backtest in the same state would be under as well. */
const OWN_HALTS: ReadonlySet<string> = new Set(['daily-loss', 'drawdown', 'margin-call']);

/** What keeps entries away in real time alone. */
const BARRIERS: ReadonlySet<string> = new Set([...GATES, 'halted', 'shutdown', 'unknown-order']);

interface Situation {
  readonly mode: string;
  readonly terms: SessionTerms;
  /** Just before the input. */
  readonly state: SessionState;
  /** All bars before it, for what risk measures by them. */
  readonly past: readonly Slice[];
}

/** Entries that risk refused for a reason that no backtest knows, as far as one is the only reason. */
export function refusedEntries(events: readonly AnyEvent[]): readonly OrderRejection[] {
  return events.flatMap((event) =>
    event.type === 'order.rejected' && BARRIERS.has(event.payload.refusal.check)
      ? [event.payload]
      : [],
  );
}

/** Orders that risk lets pass where no gate is closed and nobody has halted the engine by hand. */
export function allowedOrders(input: RecordedInput, situation: Situation): ReadonlySet<OrderId> {
  const { mode, terms, state, past } = situation;
  const mirror = new RunMirror({ mode, terms, restored: unhindered(state), warmUp: past });
  const events = mirror.takeOtherwise(input);
  return new Set(
    events.flatMap((each) => (each.type === 'order.approved' ? [each.payload.id] : [])),
  );
}

function unhindered(state: SessionState): SessionState {
  const { engine } = state;
  const { system, barriers } = engine.risk;
  const { halt } = system;
  const kept = halt !== null && OWN_HALTS.has(halt.check) ? halt : null;
  return {
    ...state,
    engine: {
      ...engine,
      gates: [],
      risk: {
        ...engine.risk,
        system: { ...system, halt: kept },
        barriers: { ...barriers, gates: [], unknown: [], differences: { found: [], accepted: [] } },
      },
    },
  };
}
