import t from 'tap'
import {
  isBase64,
  isCanonicalBase64,
  layersOfBase64,
} from '../../../src/core/secret/layers-of-base64.ts'

t.test('takes for base64 what Go takes, and for canonical what it writes', t => {
  for (const [text, isOne, isCanonical] of [
    ['', true, true],
    ['YWI=', true, true],
    ['YWJj', true, true],
    ['YWJ=', true, false],
    ['YWI', false, false],
    ['YW I=', false, false],
    ['YWI=YWI=', false, false],
    ['_-_-', false, false],
  ] as const)
    t.strictSame([isBase64(text), isCanonicalBase64(text)], [isOne, isCanonical], text)
  t.end()
})

t.test('counts how often a text is encoded, three times at most', t => {
  const encode = (text: string, times: number): string =>
    times === 0 ? text : encode(Buffer.from(text).toString('base64'), times - 1)
  const isFound = (text: string): boolean => text === 'user:password'
  for (const times of [1, 2, 3])
    t.equal(layersOfBase64(encode('user:password', times), isFound), times)
  t.equal(layersOfBase64(encode('user:password', 4), isFound), null)
  t.equal(layersOfBase64(encode('other', 1), isFound), null)
  t.equal(layersOfBase64('user:password', isFound), null, 'not encoded at all')
  t.equal(layersOfBase64(' dXNlcjpw\n YXNzd29yZA== \n', isFound), 1, 'wrapped')
  t.equal(
    layersOfBase64(' \n', () => true),
    null,
    'nothing',
  )
  t.end()
})
