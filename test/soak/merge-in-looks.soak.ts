import t from 'tap'
import { mergeInLooks } from '../support/bot/merge-in-looks.ts'

for (const method of ['merge', 'squash'] as const)
  t.test(`a ${method} at any point of a look shows no status that was not due`, async t => {
    const points = await mergeInLooks(t, method)
    t.comment(`played: a ${method} at each of ${points.length} points`)
  })
