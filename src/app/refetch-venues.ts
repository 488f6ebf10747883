import { Refetcher } from '../data/repair/refetcher.ts';
import type { BarSource } from '../ports/bar-source.ts';
import type { Series } from '../ports/bar-store.ts';
import { openBarSource } from './bar-sources.ts';
import { retrierOf } from './venue-parts.ts';
import type { Workspace } from './workspace.ts';

/** The venues of one repair: each is opened when the first series of it lacks bars. */
export class RefetchVenues {
  readonly #workspace: Workspace;
  readonly #sources = new Map<string, BarSource>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Throws a `ConfigError` for an exchange that nobody can be asked of. */
  async of({ exchange, adjustment }: Series): Promise<Refetcher> {
    // A client gives prices of one adjustment.
    const name = `${exchange} ${adjustment}`;
    const source = this.#sources.get(name) ?? (await this.#open(exchange, adjustment));
    this.#sources.set(name, source);
    return new Refetcher({ source, retrier: retrierOf(this.#workspace) });
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#sources.values()].map(async (source) => source.close()));
  }

  async #open(exchange: string, adjustment: Series['adjustment']): Promise<BarSource> {
    const { config, options } = this.#workspace;
    const ofSeries = { ...config, data: { ...config.data, adjustment } };
    const { environment } = options;
    return openBarSource(exchange, { config: ofSeries, environment, streaming: false });
  }
}
