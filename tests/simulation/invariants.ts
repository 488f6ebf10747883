interface Checked {
  readonly id: string;
  readonly says: string;
  /** When it is looked at. */
  readonly at: string;
}

/** What a world is held against, of the invariants that are known by these numbers. */
export const CHECKED: readonly Checked[] = [
  {
    id: 'I01',
    says: 'cash is the capital and what the exchange’s own trades made of it',
    at: 'once faults have stopped',
  },
  {
    id: 'I02',
    says: 'positions are what the exchange’s own trades left',
    at: 'once faults have stopped',
  },
  {
    id: 'I03',
    says: 'equity is what fills, fees and closes come to, reckoned apart',
    at: 'every close of a bar',
  },
  {
    id: 'I04',
    says: 'the exchange’s books, orders and trades agree with one another',
    at: 'every six hours',
  },
  { id: 'I05', says: 'every number of an event is one', at: 'every event' },
  {
    id: 'I06',
    says: 'cash is not below zero, nothing is held short but what a late fee took',
    at: 'every input',
  },
  {
    id: 'I07',
    says: 'an order that leaves is on record as intended',
    at: 'every request, before it is sent',
  },
  { id: 'I08', says: 'no client id leaves twice, or for two orders', at: 'every request' },
  {
    id: 'I09',
    says: 'orders at the exchange and on record are the same ones',
    at: 'once faults have stopped, and after the end',
  },
  { id: 'I10', says: 'orders change along their table', at: 'every event' },
  { id: 'I11', says: 'no fill exceeds its order', at: 'every fill' },
  {
    id: 'I12',
    says: 'no fill is booked that the exchange does not have, none twice',
    at: 'every fill',
  },
  {
    id: 'I13',
    says: 'an order that is over for us is not open at the exchange',
    at: 'every order that ends',
  },
  { id: 'I14', says: 'nothing is unknown any more', at: 'ten minutes after faults have stopped' },
  { id: 'I15', says: 'what may be sold is held', at: 'once faults have stopped' },
  { id: 'I16', says: 'fills are those of the exchange', at: 'once faults have stopped' },
  { id: 'I17', says: 'a start sends nothing', at: 'every request' },
  { id: 'I18', says: 'a crash changes no result', at: 'every boundary of the reference' },
  {
    id: 'I19',
    says: 'the journal holds, and rows are what it says',
    at: 'the end of every tenth seed',
  },
  { id: 'I20', says: 'the database is sound', at: 'every start, and the end' },
  {
    id: 'I21',
    says: 'an entry is let pass within the limits, with all that may still fill and is not called back',
    at: 'every approval',
  },
  {
    id: 'I22',
    says: 'no entry’s fill makes a position much more than its limit, two of a group that fill at once aside',
    at: 'every fill',
  },
  { id: 'I23', says: 'no entry leaves while trading is halted', at: 'every request' },
  { id: 'I24', says: 'cash, peak, day and halt outlive a process', at: 'every start' },
  { id: 'I25', says: 'orders a minute are bounded', at: 'every request' },
  {
    id: 'I26',
    says: 'bars are whole, and no entry is asked for, or leaves, on one that is old',
    at: 'every bar, entry and request',
  },
  { id: 'I27', says: 'what is no number lets no entry pass', at: 'every assessment' },
  { id: 'I28', says: 'the same seed gives the same events', at: 'every twentieth seed' },
  { id: 'I31', says: 'no rejection is unhandled, what is pending is bounded', at: 'always' },
  { id: 'I32', says: 'no secret is in the database', at: 'the end of every tenth seed' },
];
