import { defineStrategy, z, type Signal } from 'quantsage';

/** Answers in the same list every time; the signals in it are new ones. */
export default defineStrategy({
  id: 'one_list_for_all_answers',
  params: z.object({}),
  create({ indicators }) {
    const rsi = indicators.rsi({ period: 14 });
    const answer: Signal[] = [];
    return {
      onBar(_, { position, enter, exit }) {
        answer.length = 0;
        if (position === null && rsi.value < 40) answer.push(enter({ side: 'buy', reason: 'low' }));
        if (position !== null && rsi.value > 55) answer.push(exit({ reason: 'high' }));
        return answer;
      },
    };
  },
});
