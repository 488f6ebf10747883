import { BAR_FLAGS } from '../core/bar.ts';
import type { EpochMs } from '../core/time.ts';
import type { BarPage, DataIssue, Series } from '../ports/bar-store.ts';
import { BAR_STRIDE } from '../ports/bar-store.ts';
import { BadPrintJudge, issueOfOutlier, type JudgedOutlier } from './bad-prints.ts';
import { BAD_ROW_RULES } from './bad-row.ts';
import { PriceCarrier } from './carried-prices.ts';
import type { Gap } from './continuity.ts';
import type { RunTally } from './run-counter.ts';
import { SeriesQualityMeter, type BrokenBar, type SeriesQuality } from './series-quality.ts';
import { splitDetectorFor, type Split } from './splits.ts';

const EXAMPLES_MAX = 10;
/** Share of opens that equal the close before from which on a vendor must have made them so. */
const STITCHED_SHARE = 0.99;
const STITCHED_BARS_MIN = 100;

/** How many there are, and the first ten of them. */
export interface Found<Example> {
  readonly count: number;
  readonly examples: readonly Example[];
}

/** Where, and with which values. */
export interface Instance {
  /** Null where the time of a row could not be read. */
  readonly openTime: EpochMs | null;
  readonly rule: string;
  readonly detail: string;
}

/** What a series holds, what is wrong with it, and what is worth knowing of it. */
export interface SeriesLedger {
  readonly bars: number;
  readonly firstOpen: EpochMs | null;
  readonly lastOpen: EpochMs | null;
  /** Bars the calendar asks for, without those set aside; null where it knows nothing. */
  readonly expected: number | null;
  readonly missing: number | null;
  /** Bars of times the calendar does not cover. */
  readonly uncovered: number;
  /** `broken`: stored bars break a rule that the engine relies on. */
  readonly status: 'clean' | 'defects' | 'broken';
  readonly defects: {
    readonly gaps: Found<Gap>;
    /** Rows of a file that came twice, with equal or with other values. */
    readonly duplicates: Found<Instance>;
    /** Bars that cannot be: set aside when they came, or stored. */
    readonly invariantBreaks: Found<Instance> & { readonly stored: number };
    readonly badPrints: Found<Instance>;
    /** Runs of bars without volume and without movement. */
    readonly outages: RunTally;
    /** Daily and weekly bars where the exchange had no session. */
    readonly offSession: Found<EpochMs>;
    /** Bars that came again with other values and were refused. */
    readonly conflicts: Found<Instance>;
  };
  readonly notes: {
    /** Bad prints and large moves together: all bars beyond the sigma bound. */
    readonly outliers: number;
    readonly largeMoves: Found<Instance>;
    readonly flatRuns: RunTally;
    readonly zeroVolumeRuns: RunTally;
    readonly splits: Found<Split>;
    readonly repaired: Found<EpochMs>;
    readonly revised: Found<EpochMs>;
    readonly quarantined: Found<Instance>;
    /** Bars that open at the close before. */
    readonly stitchedOpens: { readonly count: number; readonly isRule: boolean };
  };
}

/** Takes every bar of a series, and everything that was noted of it, for its ledger. */
export class SeriesLedgerMeter {
  readonly #issues: readonly DataIssue[];
  /** Open times of bars that were set aside and have no other bar in their place. */
  readonly #setAside: Set<EpochMs>;
  readonly #meter: SeriesQualityMeter;
  readonly #splitDetector;
  readonly #judge = new BadPrintJudge();
  readonly #carrier = new PriceCarrier();
  readonly #outliers: JudgedOutlier[] = [];
  readonly #splits: Split[] = [];
  readonly #repaired: EpochMs[] = [];
  readonly #revised: EpochMs[] = [];
  #lastClose = Number.NaN;
  #stitched = 0;

  constructor(series: Series, issues: readonly DataIssue[]) {
    this.#issues = issues;
    this.#setAside = new Set(
      issues.flatMap(({ quarantined, openTime }) => (quarantined ? (openTime ?? []) : [])),
    );
    this.#meter = new SeriesQualityMeter({ ...series, setAside: this.#setAside });
    this.#splitDetector = splitDetectorFor(series);
  }

  /** Takes the next page of the series. */
  add(page: BarPage): void {
    this.#meter.add(page);
    for (let at = 0; at < page.length; at += BAR_STRIDE) this.#addBar(page, at);
  }

  /** Everything found; call once, after the last page. */
  ledger(): SeriesLedger {
    const last = this.#judge.finish();
    if (last !== null) this.#outliers.push(last);
    const quality = this.#meter.quality();
    const { bars, firstOpen, lastOpen, expected, missing, uncovered } = quality;
    const defects = this.#defects(quality);
    const { stored } = defects.invariantBreaks;
    const isClean = Object.values(defects).every(
      (each) => ('runs' in each ? each.runs : each.count) === 0,
    );
    return {
      bars,
      firstOpen,
      lastOpen,
      expected,
      missing,
      uncovered,
      status: stored > 0 ? 'broken' : isClean ? 'clean' : 'defects',
      defects,
      notes: this.#notes(quality),
    };
  }

  #addBar(page: BarPage, at: number): void {
    const openTime = page[at] ?? Number.NaN;
    const flags = page[at + 6] ?? 0;
    if (this.#setAside.size > 0) this.#setAside.delete(openTime);
    const split = this.#splitDetector?.next(page, at) ?? null;
    if (split !== null) {
      this.#splits.push(split);
      this.#carrier.cross(split);
    }
    this.#carrier.read(page, at);
    const judged = this.#judge.next(this.#carrier, (flags & BAR_FLAGS.outlier) !== 0);
    if (judged !== null) this.#outliers.push(judged);
    if ((flags & BAR_FLAGS.repaired) !== 0) this.#repaired.push(openTime);
    if ((flags & BAR_FLAGS.revised) !== 0) this.#revised.push(openTime);
    if (page[at + 1] === this.#lastClose) this.#stitched += 1;
    this.#lastClose = page[at + 4] ?? Number.NaN;
  }

  #defects(quality: SeriesQuality): SeriesLedger['defects'] {
    const { gaps, gapExamples, broken, brokenExamples, offSession, offSessionExamples } = quality;
    const asideBreaks = this.#noted(INVARIANT_RULES);
    return {
      gaps: { count: gaps, examples: gapExamples },
      duplicates: found(this.#noted(DUPLICATE_RULES)),
      invariantBreaks: {
        count: broken + asideBreaks.length,
        stored: broken,
        examples: first([...brokenExamples.map(instanceOfBreak), ...asideBreaks]),
      },
      badPrints: found(this.#ofKind('bad-print')),
      outages: quality.outages,
      offSession: { count: offSession, examples: offSessionExamples },
      conflicts: found(this.#noted([CONFLICT_RULE])),
    };
  }

  #notes(quality: SeriesQuality): SeriesLedger['notes'] {
    const { bars, flat, zeroVolume } = quality;
    const isRule = bars >= STITCHED_BARS_MIN && this.#stitched >= STITCHED_SHARE * (bars - 1);
    const largeMoves = this.#ofKind('large-move');
    return {
      outliers: largeMoves.length + this.#ofKind('bad-print').length,
      largeMoves: found(largeMoves),
      flatRuns: flat,
      zeroVolumeRuns: zeroVolume,
      splits: found(this.#splits),
      repaired: found(this.#repaired),
      revised: found(this.#revised),
      quarantined: found(this.#issues.filter(({ quarantined }) => quarantined).map(instanceOf)),
      stitchedOpens: { count: this.#stitched, isRule },
    };
  }

  /** Those in the rows, and those that were kept out of them. */
  #ofKind(kind: JudgedOutlier['kind']): readonly Instance[] {
    const stored = this.#outliers.filter((outlier) => outlier.kind === kind);
    const aside = this.#issues.filter(({ rule, quarantined }) => rule === kind && quarantined);
    return [
      ...stored.map((each) => instanceOf(issueOfOutlier(each, false))),
      ...aside.map(instanceOf),
    ];
  }

  #noted(rules: readonly string[]): readonly Instance[] {
    return this.#issues.filter(({ rule }) => rules.includes(rule)).map(instanceOf);
  }
}

/** What the store notes of a bar that came with other values than those it has. */
const CONFLICT_RULE = 'conflicting-bar';
const DUPLICATE_RULES = ['repeated-row', 'duplicate-time'];
const INVARIANT_RULES = BAD_ROW_RULES.filter((rule) => !DUPLICATE_RULES.includes(rule));

function instanceOf({ openTime, rule, detail }: DataIssue): Instance {
  return { openTime, rule, detail };
}

function instanceOfBreak({ openTime, rule, expected, ...bar }: BrokenBar): Instance {
  const values = `open ${bar.open}, high ${bar.high}, low ${bar.low}, close ${bar.close}, volume ${bar.volume}`;
  return { openTime, rule, detail: `${expected} was expected, was ${values}` };
}

function found<Example>(all: readonly Example[]): Found<Example> {
  return { count: all.length, examples: first(all) };
}

function first<Example>(all: readonly Example[]): readonly Example[] {
  return all.slice(0, EXAMPLES_MAX);
}
