import t from 'tap'
import { mergeInLooks, takeTheLastTwo } from '../support/bot/merge-in-looks.ts'

t.test('a squash at any point of a look shows no status that was not due', t =>
  mergeInLooks(t, 'squash'),
)

t.test('two pull requests that take the last two clusters are both right after both merges', t =>
  takeTheLastTwo(t),
)
