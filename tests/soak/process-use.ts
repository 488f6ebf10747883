import { readFileSync } from 'node:fs';

/** What a process uses of this machine, as Linux tells it (proc(5)). */
export interface ProcessUse {
  /** Memory it holds, MiB. */
  readonly rss: number;
  /** Time it computed so far, user and system together, seconds. */
  readonly cpu: number;
}

const KIB = 1024;
/** Linux counts in hundredths of a second (USER_HZ). */
const TICKS_PER_SECOND = 100;
/** Fields 14 and 15, counted from behind the name in parentheses. */
const UTIME = 11;

export function useOf(pid: number): ProcessUse {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rss = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / KIB;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[UTIME]) + Number(fields[UTIME + 1]);
  return { rss, cpu: ticks / TICKS_PER_SECOND };
}

/** How fast something rises: the slope of the line of least squares through points of x and y. */
export function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1): number =>
    points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  const below = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return below === 0 ? 0 : above / below;
}
