import t from 'tap'
import { eventOf } from '../../../src/bot/poll/event-of.ts'
import type { Happening } from '../../../src/operations/ports/inbox.ts'

const repository = { full_name: 'example/site' }
const alice = { login: 'alice', type: 'User' }
const at = '2026-11-22T10:00:00Z'
const comment: Happening = {
  ...{ what: 'comment', id: 42, by: alice, body: '/seed retry', pullRequest: 7, at },
  ...{ editedAt: null, isAnswered: false },
}

t.test('what was found is what a webhook would have brought', t => {
  t.match(eventOf(comment, repository), {
    incoming: { kind: 'comment', key: '#7/comment/42', sender: 'alice', body: '/seed retry', at },
    isBot: false,
  })
  const label: Happening = { what: 'label', id: 5, by: alice, label: 'seed', pullRequest: 7, at }
  t.match(eventOf(label, repository), {
    incoming: { kind: 'label', key: '#7/label/5', headSha: '', sender: 'alice', at },
  })
  t.match(eventOf({ what: 'change', pullRequest: 7, at }, repository), {
    incoming: { kind: 'wake', pullRequest: 7 },
  })
  const bot = { login: 'helper[bot]', type: 'Bot' }
  t.match(eventOf({ ...comment, by: bot }, repository), { isBot: true })
  t.end()
})

t.test('another label is no order', t => {
  const label: Happening = { what: 'label', id: 5, by: alice, label: 'bug', pullRequest: 7, at }
  t.match(eventOf(label, repository), { incoming: { kind: 'wake' } })
  t.end()
})
