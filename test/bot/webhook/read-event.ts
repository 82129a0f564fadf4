import fc from 'fast-check'
import t from 'tap'
import { readComment } from '../../../src/bot/webhook/read-comment.ts'
import { readEvent } from '../../../src/bot/webhook/read-event.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { commented, labelled } from '../../support/bot/start-listener.ts'

/** Puts a value at every place of a payload in turn: each field, each element, the whole. */
const replacements = (payload: unknown, value: unknown): readonly unknown[] => [
  value,
  ...(typeof payload === 'object' && payload !== null
    ? Object.entries(payload).flatMap(([key, inner]) => [
        Object.fromEntries(Object.entries(payload).filter(([other]) => other !== key)),
        ...replacements(inner, value).map(changed => ({ ...payload, [key]: changed })),
      ])
    : []),
]
const isWhole = (event: ReturnType<typeof readEvent>): boolean =>
  event === undefined ||
  (Number.isSafeInteger(event.incoming.pullRequest) &&
    event.incoming.pullRequest > 0 &&
    event.incoming.sender !== '' &&
    event.incoming.key.startsWith(`#${event.incoming.pullRequest}/`))

t.test('a payload is read, or there is nothing in it: no field of it is believed unseen', t => {
  t.match(readEvent('pull_request', labelled), { incoming: { kind: 'label' }, isBot: false })
  t.match(readEvent('issue_comment', commented), { incoming: { kind: 'comment' } })
  const nested = JSON.parse(`${'['.repeat(500_000)}${']'.repeat(500_000)}`) as unknown
  const values = [
    ...[null, undefined, true, 0, -1, 1.5, 1e308, '', 'x', [], {}, ['a'], nested, 'x'.repeat(1e6)],
    ...[JSON.parse('{"__proto__":{"action":"created"},"constructor":1}') as unknown],
  ]
  for (const [name, payload] of [
    ['pull_request', labelled],
    ['issue_comment', commented],
  ] as const)
    for (const value of values)
      for (const changed of replacements(payload, value))
        for (const event of [name, 'push', ['issue_comment'], undefined])
          if (!isWhole(readEvent(event, changed))) t.fail(`${name}: ${String(value)}`)
  fc.assert(
    fc.property(fc.jsonValue(), value =>
      [labelled, commented].every(payload =>
        replacements(payload, value).every(
          changed =>
            isWhole(readEvent('pull_request', changed)) &&
            isWhole(readEvent('issue_comment', changed)),
        ),
      ),
    ),
    { numRuns: propertyRuns(200) },
  )
  t.equal(Object.getOwnPropertyNames({}).length, 0)
  t.equal(({} as { action?: string }).action, undefined, 'and no prototype was changed')
  t.end()
})

const pull = { number: 7, head: { sha: 'abc' }, updated_at: '2026-11-22T10:00:00Z' }
const by = { repository: commented.repository, sender: commented.sender }
const body = '/seed detach sno1'

t.equal(readComment('push', {}), undefined)

t.test('a label counts in any case', t => {
  for (const name of ['seed', 'Seed', 'SEED'])
    t.match(readEvent('pull_request', { ...labelled, label: { name } }), {
      incoming: { kind: 'label' },
    })
  t.match(readEvent('pull_request', { ...labelled, label: { name: 'seeds' } }), {
    incoming: { kind: 'wake' },
  })
  t.end()
})

t.test('the text of a new review counts like a comment, on the head that it was written on', t => {
  const review = { id: 5, body, commit_id: 'abc', submitted_at: '2026-11-22T10:00:00Z' }
  const submitted = { action: 'submitted', review, pull_request: pull, ...by }
  t.match(readEvent('pull_request_review', submitted), {
    incoming: {
      kind: 'comment',
      key: '#7/review/5',
      commentId: null,
      body,
      headSha: 'abc',
      sender: 'alice',
    },
  })
  t.equal(
    readEvent('pull_request_review', { ...submitted, review: { ...review, body: null } }),
    undefined,
  )
  t.equal(readEvent('pull_request_review', { ...submitted, action: 'dismissed' }), undefined)
  const edited = { ...submitted, action: 'edited', changes: { body: { from: 'Fine.' } } }
  t.match(readEvent('pull_request_review', edited), { incoming: { unread: 'edited' } })
  t.end()
})

t.test('what is edited, or on a line of code, is kept to be answered', t => {
  const at = '2026-11-22T10:00:00Z'
  const edited = {
    ...commented,
    ...{ action: 'edited', comment: { id: 42, body, updated_at: at } },
  }
  const changed = { ...edited, changes: { body: { from: '/seed status' } } }
  t.match(readEvent('issue_comment', changed), {
    incoming: { kind: 'comment', key: `#7/comment/42/edited/${at}`, unread: 'edited', body },
  })
  t.equal(readEvent('issue_comment', edited), undefined, 'nothing of it was changed')
  const same = { ...edited, changes: { body: { from: `${body}\n\nPlease` } } }
  t.equal(readEvent('issue_comment', same), undefined, 'nothing of the command was')
  const onCode = { action: 'created', comment: { id: 6, body }, pull_request: pull, ...by }
  t.match(readEvent('pull_request_review_comment', onCode), {
    incoming: { kind: 'comment', key: '#7/review-comment/6', commentId: null, unread: 'on-code' },
  })
  for (const name of ['pull_request_review', 'pull_request_review_comment', 'issue_comment'])
    t.equal(readEvent(name, { ...by, action: 'created' }), undefined)
  t.end()
})

t.test('the description of a new pull request counts like a comment', t => {
  const opened = { action: 'opened', pull_request: { ...pull, body }, ...by }
  t.match(readEvent('pull_request', opened), {
    incoming: { kind: 'comment', key: '#7/description', body, headSha: 'abc' },
  })
  const plain = { ...opened, pull_request: { ...pull, body: null } }
  t.match(readEvent('pull_request', plain), { incoming: { kind: 'wake' } })
  const edited = { ...opened, action: 'edited', changes: { body: { from: '' } } }
  t.match(readEvent('pull_request', edited), { incoming: { unread: 'edited' } })
  const retitled = { ...opened, action: 'edited', changes: { title: { from: 'x' } } }
  t.match(readEvent('pull_request', retitled), { incoming: { kind: 'wake' } })
  t.end()
})

t.test('a group of a merge queue wakes, by the pull request in its name', t => {
  const about = {
    repository: { id: 1, full_name: 'acme/ztp' },
    sender: { login: 'q', type: 'Bot' },
  }
  const of = (head_ref: unknown) =>
    readEvent('merge_group', { action: 'checks_requested', merge_group: { head_ref }, ...about })
  t.match(of(`refs/heads/gh-readonly-queue/main/pr-12-${'a'.repeat(40)}`), {
    incoming: { kind: 'wake', pullRequest: 12, sender: 'q' },
    isBot: true,
  })
  t.equal(of('refs/heads/main'), undefined)
  t.equal(of(7), undefined)
  t.end()
})
