import fc from 'fast-check'
import t from 'tap'
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
