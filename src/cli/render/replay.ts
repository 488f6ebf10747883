import { formatTime } from '../../core/time.ts';
import type { RunReplay } from '../../app/replay/replay-recorded-run.ts';
import { plural } from './number-format.ts';

type Session = RunReplay['sessions'][number];

/** What `replay RUN` found: a line for the run, then one or more for each session. */
export function renderReplay(replayed: RunReplay): string {
  const { runId, isIdentical, events, orders, sessions } = replayed;
  const verdict = isIdentical ? 'IDENTICAL' : 'DIFFERENT';
  const lines = [
    `${runId}: ${verdict}, ${plural(events, 'event')} and ${plural(orders, 'order')} ` +
      `came out as recorded in ${plural(sessions.length, 'session')}`,
    ...sessions.flatMap((session) => linesOf(session, replayed.version)),
  ];
  return `${lines.join('\n')}\n`;
}

function linesOf(session: Session, version: string): readonly string[] {
  const { events, difference, problem } = session;
  const head = `  session ${session.session}`;
  const notes = notesOf(session, version).map((note) => `    ${note}`);
  if (problem !== null) return [`${head}  STOPPED, ${problem}`, ...notes];
  if (difference !== null) {
    const { seq, time, what } = difference;
    return [`${head}  DIFFERENT from event ${seq} on (${formatTime(time)}): ${what}`, ...notes];
  }
  return [`${head}  ${plural(events, 'event')}, ${stateText(session)}`, ...notes];
}

function stateText({ isStateSame }: Session): string {
  if (isStateSame === null) return 'no state on record';
  return isStateSame ? 'the state after them is the one stored' : 'but the STORED STATE IS ANOTHER';
}

/** What a difference may come from. */
function notesOf({ version, changedWarmUp }: Session, now: string): readonly string[] {
  const notes: string[] = [];
  if (version !== now) notes.push(`recorded by version ${version}, replayed by ${now}`);
  if (changedWarmUp.length > 0) {
    notes.push(
      `the bars it was warmed up with have changed since: ${changedWarmUp.join(', ')}; ` +
        'see "quantsage data verify"',
    );
  }
  return notes;
}
