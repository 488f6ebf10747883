import net from 'node:net';

/** Tests run without a network: any connection beyond this machine throws at once. */
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
// The original is kept unbound on purpose: it is applied to each socket below.
// oxlint-disable-next-line typescript/unbound-method
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]) {
  const host = hostOf(args);
  if (host !== null && !LOOPBACK.has(host)) {
    throw new Error(`tests must stay on 127.0.0.1, was "${host}"`);
  }
  return connect.apply(this, args as Parameters<typeof connect>);
};

/** The host a connect call names, or null when it goes to a pipe or unix socket. */
function hostOf(args: readonly unknown[]): string | null {
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first === 'object' && first !== null) {
    if ('path' in first && typeof first.path === 'string') return null;
    return 'host' in first && typeof first.host === 'string' ? first.host : 'localhost';
  }
  if (typeof first === 'string') return null;
  return typeof args[1] === 'string' ? args[1] : 'localhost';
}
