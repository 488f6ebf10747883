import type { OrderCheck } from '../risk-state.ts';

export const exitSide: OrderCheck = ({ id, role, side, quantity }, { position }) => {
  if (role === 'entry' || position === null) return null;
  const expected = position.side === 'long' ? 'sell' : 'buy';
  if (side === expected) return null;
  return {
    layer: 'order',
    check: 'exit-side',
    limit: 0,
    actual: quantity.toNumber(),
    message: `exit ${id}: "${expected}" was expected to close a ${position.side} position, was "${side}"`,
  };
};
