import t from 'tap'
import { createAutomaton, isAlphanumeric } from '../../src/redact/create-automaton.ts'
import { isOrdinary } from '../../src/redact/is-ordinary.ts'
import { scan, skippedIn, type Span } from '../../src/redact/scan.ts'

t.test('words are ordinary, unless one of several is cut in the middle', t => {
  for (const piece of [
    ...['password', 'Kubernetes', 'webhook-secret', '--secret-file', 'SeedGenerator', 'seed-sno1'],
    ...['TOKEN_FILE', 'example.com', '4.18.5-rc'],
  ])
    t.ok(isOrdinary(piece, false), piece)
  for (const piece of ['ghs_0123', 'aB3dE6gH', 'cGFzc3dv', 'push-0123', 'pä$$w0rd'])
    t.notOk(isOrdinary(piece, false), piece)
  t.ok(isOrdinary('password', true), 'of `passwordless`')
  t.notOk(isOrdinary('canary-s', true), 'of `canary-secret`')
  t.notOk(isOrdinary('hunter22', true))
  for (const piece of ['LS0tLS1C', 'tLS0tLQo', '0tLS1CRUd'])
    t.ok(isOrdinary(piece, true), `${piece} is of the marks of PEM`)
  t.end()
})

t.test('an automaton knows whether what it has read goes on within a word', t => {
  const { next, isWithinWord } = createAutomaton(['ab-c', 'abcd', 'xyz'], new Set())
  const after = (text: string): number =>
    Array.from(text).reduce((state, character) => next(state, character.charCodeAt(0)), 0)
  t.strictSame(['ab', 'abc', 'xy', 'ab-'].map(after).map(isWithinWord), [false, true, true, true])
  t.strictSame(
    ['a', 'Z', '5', '-', 'ä'].map(one => isAlphanumeric(one.charCodeAt(0))),
    [...[true, true, true, false, false]],
  )
  t.end()
})

t.test('a text is scanned from either side, without what a form may have inside', t => {
  t.strictSame([...skippedIn('a b\n  c\\nd', 'breaks')], [0, 0, 0, 1, 1, 1, 0, 1, 1, 0])
  t.strictSame([...skippedIn('a b\n', 'spaces')], [0, 1, 0, 1])
  t.strictSame([...skippedIn('a b', 'nothing')], [0, 0, 0])
  const reversed = ['87654321_shg']
  const text = '…_1234\n5678 5678'
  const found: Span[] = []
  scan(text, createAutomaton(reversed, new Set(reversed)), {
    ...{ skipped: skippedIn(text, 'breaks'), isBackwards: true, isEnd: true, found },
  })
  t.strictSame(found, [[1, 11]])
  t.end()
})
