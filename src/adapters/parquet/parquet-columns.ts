import { parquetSchema } from 'hyparquet';
import type { FileMetaData, SchemaElement } from 'hyparquet';

/** A column of single values. */
export interface FlatColumn {
  readonly name: string;
  readonly element: SchemaElement;
}

/** The columns of a file that are neither lists nor structures: no part of a bar is one. */
export function flatColumns(metadata: FileMetaData): readonly FlatColumn[] {
  return parquetSchema(metadata).children.flatMap(({ element, children }) =>
    children.length === 0 && element.repetition_type !== 'REPEATED'
      ? [{ name: element.name, element }]
      : [],
  );
}

/**
 * Whether times of the column are instants. Without a logical type they are, by the older convention
 * of the format; 96-bit times say nothing of their zone.
 */
export function isUtc({ element }: FlatColumn): boolean {
  const { logical_type: logical, type } = element;
  if (logical?.type === 'TIMESTAMP') return logical.isAdjustedToUTC;
  return type !== 'INT96';
}

/** Whether the column holds times of day, not just dates. */
export function isTimestamp({ element }: FlatColumn): boolean {
  const { converted_type: converted, logical_type: logical, type } = element;
  return (
    logical?.type === 'TIMESTAMP' ||
    converted === 'TIMESTAMP_MILLIS' ||
    converted === 'TIMESTAMP_MICROS' ||
    type === 'INT96'
  );
}
