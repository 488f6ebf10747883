import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { SchemaElement } from 'hyparquet';
import type { BarPage } from '../../ports/bar-store.ts';
import { BAR_STRIDE } from '../../ports/bar-store.ts';

/** Takes the bytes of the file in order. */
type WriteBytes = (bytes: Uint8Array) => Promise<void>;

interface ParquetBarOptions {
  /** Whether the bars have flags that are worth a column. */
  readonly flags: (flags: number) => number;
  readonly hasFlags: boolean;
  /** Key-value pairs for the footer. */
  readonly notes: ReadonlyMap<string, string>;
  readonly createdBy: string;
}

/** Bars of a row group: small enough for memory, large enough for what reads columns. */
const GROUP_BARS = 65_536;
const PRICE_NAMES = ['open', 'high', 'low', 'close', 'volume'];
const FLAGS = 6;

/** Writes bars as Parquet, row group by row group; what is in memory does not grow with the file. */
export class ParquetBarWriter {
  readonly #write: WriteBytes;
  readonly #options: ParquetBarOptions;
  readonly #bytes = new ByteWriter();
  readonly #parquet: ParquetWriter;
  readonly #group = new Float64Array(GROUP_BARS * BAR_STRIDE);
  #bars = 0;

  constructor(write: WriteBytes, options: ParquetBarOptions) {
    this.#write = write;
    this.#options = options;
    this.#parquet = new ParquetWriter({
      writer: this.#bytes,
      schema: schemaOf(options),
      kvMetadata: [...options.notes].map(([key, value]) => ({ key, value })),
      createdBy: options.createdBy,
    });
  }

  async write(page: BarPage): Promise<void> {
    let from = 0;
    while (from < page.length) {
      const room = (GROUP_BARS - this.#bars) * BAR_STRIDE;
      const part = page.subarray(from, from + room);
      this.#group.set(part, this.#bars * BAR_STRIDE);
      this.#bars += part.length / BAR_STRIDE;
      from += part.length;
      if (this.#bars === GROUP_BARS) await this.#endGroup();
    }
  }

  async finish(): Promise<void> {
    if (this.#bars > 0) await this.#endGroup();
    await this.#parquet.finish();
    await this.#drain();
  }

  async #endGroup(): Promise<void> {
    const { hasFlags, flags } = this.#options;
    await this.#parquet.write({
      columnData: [
        { name: 'timestamp', data: BigInt64Array.from(this.#doubles(0), BigInt) },
        ...PRICE_NAMES.map((name, index) => ({ name, data: this.#doubles(index + 1) })),
        ...(hasFlags
          ? [{ name: 'flags', data: Int32Array.from(this.#doubles(FLAGS), (bits) => flags(bits)) }]
          : []),
      ],
      rowGroupSize: GROUP_BARS,
    });
    this.#bars = 0;
    await this.#drain();
  }

  #doubles(offset: number): Float64Array {
    const values = new Float64Array(this.#bars);
    for (let bar = 0; bar < this.#bars; bar += 1) values[bar] = this.#cell(bar, offset);
    return values;
  }

  #cell(bar: number, offset: number): number {
    return this.#group[bar * BAR_STRIDE + offset] ?? Number.NaN;
  }

  /** Hands the bytes on. Their offset in the file goes on counting; only the buffer begins anew. */
  async #drain(): Promise<void> {
    await this.#write(this.#bytes.getBytes().slice());
    this.#bytes.index = 0;
  }
}

function schemaOf({ hasFlags }: ParquetBarOptions): SchemaElement[] {
  const prices = PRICE_NAMES.map((name): SchemaElement => ({
    name,
    type: 'DOUBLE',
    repetition_type: 'REQUIRED',
  }));
  const flags: SchemaElement[] = hasFlags
    ? [{ name: 'flags', type: 'INT32', repetition_type: 'REQUIRED' }]
    : [];
  return [
    { name: 'root', num_children: 1 + prices.length + flags.length },
    {
      name: 'timestamp',
      type: 'INT64',
      converted_type: 'TIMESTAMP_MILLIS',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
      repetition_type: 'REQUIRED',
    },
    ...prices,
    ...flags,
  ];
}
