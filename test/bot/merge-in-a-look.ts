import t from 'tap'
import { mergeInLooks } from '../support/bot/merge-in-looks.ts'

t.test('a squash at any point of a look shows no status that was not due', t =>
  mergeInLooks(t, 'squash'),
)
