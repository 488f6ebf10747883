import { createGzip } from 'node:zlib';
import type { Gzip } from 'node:zlib';

type WriteBytes = (bytes: Uint8Array) => Promise<void>;

/** Packs bytes and hands them on, in order; waits where the receiver is slower. */
export class GzipStream {
  readonly #gzip: Gzip = createGzip();
  readonly #done: Promise<void>;

  constructor(write: WriteBytes) {
    this.#done = this.#forward(write);
    // Whoever writes or finishes hears of a failure; nobody has to listen before.
    this.#done.catch(() => {});
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#gzip.write(bytes)) return;
    const drained = new Promise<void>((resolve) => {
      this.#gzip.once('drain', resolve);
    });
    await Promise.race([drained, this.#done]);
  }

  async finish(): Promise<void> {
    this.#gzip.end();
    await this.#done;
  }

  async #forward(write: WriteBytes): Promise<void> {
    for await (const chunk of this.#gzip) if (chunk instanceof Uint8Array) await write(chunk);
  }
}
