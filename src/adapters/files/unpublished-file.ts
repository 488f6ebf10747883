import { link, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';

interface UnpublishedFileOptions {
  /** Take the place of a file that is there. */
  readonly replace: boolean;
}

/** A file that is written under a temporary name beside the one it will have. */
export class UnpublishedFile {
  readonly #target: string;
  readonly #temporary: string;
  readonly #options: UnpublishedFileOptions;
  readonly #handle: FileHandle;
  #isOpen = true;

  private constructor(target: string, options: UnpublishedFileOptions, handle: FileHandle) {
    this.#target = target;
    this.#temporary = temporaryName(target);
    this.#options = options;
    this.#handle = handle;
  }

  static async create(target: string, options: UnpublishedFileOptions): Promise<UnpublishedFile> {
    const temporary = temporaryName(target);
    await rm(temporary, { force: true });
    return new UnpublishedFile(target, options, await open(temporary, 'wx', 0o600));
  }

  async write(bytes: Uint8Array): Promise<void> {
    let from = 0;
    while (from < bytes.length) {
      const { bytesWritten } = await this.#handle.write(bytes, from);
      from += bytesWritten;
    }
  }

  /** All bytes are on the disk, so that the name is never there without them. */
  async finish(): Promise<void> {
    await this.#handle.sync();
    await this.#close();
  }

  /** Throws `EEXIST` where somebody else gave the name to a file meanwhile. */
  async publish(): Promise<void> {
    if (this.#options.replace) return rename(this.#temporary, this.#target);
    try {
      await link(this.#temporary, this.#target);
    } catch (error) {
      // Some file systems have no links.
      if (!isCode(error, 'EPERM', 'ENOTSUP', 'ENOSYS')) throw error;
      return rename(this.#temporary, this.#target);
    }
    await rm(this.#temporary);
  }

  async discard(): Promise<void> {
    await this.#close();
    await rm(this.#temporary, { force: true });
  }

  async #close(): Promise<void> {
    if (this.#isOpen) await this.#handle.close();
    this.#isOpen = false;
  }
}

/** Hidden, and of this process: two exports to one place do not write into each other's file. */
function temporaryName(target: string): string {
  return path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.part`);
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
