/** `final / initial − 1`, a fraction; null when the initial capital is not positive. */
export function totalReturn(initial: number, final: number): number | null {
  return initial > 0 ? final / initial - 1 : null;
}
