import type { SavedPage } from './series-writer.ts';

/** Bars that may be bad before the venue itself is in doubt. */
const BAD_SHARE_MAX = 0.01;

/** What the pages of one run came to. */
export class Tally {
  pages = 0;
  inserted = 0;
  unchanged = 0;
  revised = 0;
  quarantined = 0;
  outliers = 0;
  gaps = 0;

  add(page: SavedPage): void {
    this.pages += 1;
    this.inserted += page.inserted;
    this.unchanged += page.unchanged;
    this.revised += page.revised;
    this.quarantined += page.quarantined;
    this.outliers += page.outliers;
    this.gaps += page.gaps;
  }

  get bars(): number {
    return this.inserted + this.unchanged + this.revised;
  }

  /** More than one bar in a hundred had to be set aside. */
  get isDoubtful(): boolean {
    return this.quarantined > BAD_SHARE_MAX * (this.bars + this.quarantined);
  }
}
