export const FILLS_CHOICES = ['optimistic', 'base', 'pessimistic', 'all'] as const;
/** Whose fills a result is about: those of the run, better ones, worse ones, or all three. */
export type FillsChoice = (typeof FILLS_CHOICES)[number];
