import t from 'tap'
import { formsOf } from '../../src/redact/forms.ts'
import { createMatcher } from '../../src/redact/matcher.ts'
import { unescape } from '../../src/redact/unescape.ts'
import { shownName } from '../../src/redact/shown-name.ts'

t.test('knows a value in the forms in which programs write it', t => {
  const { plain, wrapped } = formsOf(`p4'ss<w>"ä/`)
  for (const form of [
    `p4'ss<w>"ä/`,
    String.raw`p4'ss<w>\"ä/`,
    String.raw`p4'ss<w>\\\"ä/`,
    String.raw`p4'ss\u003cw\u003e\"ä/`,
    String.raw`p4'ss<w>\"\u00e4/`,
    `p4''ss<w>"ä/`,
    "p4'ss%3Cw%3E%22%C3%A4%2F",
    "p4'ss%3cw%3e%22%c3%a4%2f",
    Buffer.from(`p4'ss<w>"ä/`).toString('hex'),
    Buffer.from(`p4'ss<w>"ä/`).toString('hex').toUpperCase(),
    `P4'SS<W>"Ä/`,
  ])
    t.ok(plain.includes(form), form)
  t.ok(wrapped.includes('cDQnc3M8dz4iw6Qv'), 'base64, which line breaks may cut')
  t.ok(wrapped.includes('cAA0ACcAcwBzADwAdwA+ACIA5AAvA'), 'base64 of UTF-16')
  t.ok(wrapped.includes('AHAANAAnAHMAcwA8AHcAPgAiAOQAL'), 'and in the other order of bytes')
  t.ok(formsOf('TrueWord').plain.includes('trueword'))
  t.notOk(formsOf('True').plain.includes('true'), 'but no short word')
  t.end()
})

t.test('looks for no form that is too short, and for fewer forms of what is long', t => {
  t.strictSame(formsOf('abc').plain, ['616263'])
  t.strictSame(formsOf('abc').wrapped.includes('YWJj'), true)
  const [short, long] = [formsOf('x'.repeat(512)), formsOf('x'.repeat(513))]
  t.ok(short.plain.includes('78'.repeat(512)))
  t.strictSame(long.plain, ['x'.repeat(513)])
  t.ok(long.wrapped.length < short.wrapped.length)
  t.ok(formsOf('one\n  two\r\nthree').wrapped.includes('onetwothree'), 'however it is indented')
  t.end()
})

t.test('finds forms where they stand, those that overlap as one', t => {
  const { find } = createMatcher([
    { plain: ['secret', 'retina'], wrapped: ['d3JhcHBlZA'] },
    { plain: ['cret'], wrapped: [] },
  ])
  for (const [text, spans, open] of [
    ['nothing', [], 7],
    ['a secret.', [[2, 8]], 9],
    ['a secretina', [[2, 11]], 2],
    [
      'secret, retina',
      [
        [0, 6],
        [8, 14],
      ],
      8,
    ],
    ['se\ncret', [[3, 7]], 3],
    ['a d3Jh\n  cHBlZA.', [[2, 15]], 16],
    [String.raw`"d3Jh\ncHBlZA"`, [[1, 13]], 14],
    ['d3Jh cHBlZA', [], 11],
    ['a sec', [], 2],
    ['a d3Jh\n', [], 2],
    ['a secret retin', [[2, 8]], 9],
  ] as const)
    t.strictSame(find(text), { spans, open }, JSON.stringify(text))
  t.end()
})

t.test('a name is shown where it can be nothing but a name', t => {
  const robot = Buffer.from('robot:p4ssword').toString('base64')
  for (const name of [
    'auth.json',
    './auth',
    '/run/user/1000/auth.json',
    'authfile',
    'für/mich.txt',
  ])
    t.equal(shownName(name), name)
  for (const secret of [
    'hunter2',
    'robot:p4ssword',
    '{"auths":{}}',
    robot,
    `${'a1'.repeat(13)}.txt`,
    'first\nsecond',
    '',
    `a/${'b'.repeat(255)}`,
  ])
    t.equal(shownName(secret), 'a file', JSON.stringify(secret))
  t.end()
})

t.test('a text is read without its escapes, and each character knows where it comes from', t => {
  const given = String.raw`a&lt;\u0062%C3%A4'\''&amp;#x43;&nope;\U0001F331%ff&#8203;\n`
  const { text, starts, ends } = unescape(given)
  t.equal(text, "a<bä'C&nope;🌱ÿ\n")
  const from = (character: string): string => {
    const at = text.indexOf(character)
    return given.slice(starts[at], ends[at])
  }
  t.equal(from('<'), '&lt;')
  t.equal(from('ä'), '%C3%A4')
  t.equal(from('C'), '&amp;#x43;')
  t.equal(unescape('&#9999999;').text, '&#9999999;', 'there is no such character')
  t.strictSame([unescape('plain').starts.length, unescape('plain').open], [0, 5])
  for (const begun of ['&', '&am', '&amp;#x4', '\\', '\\u00', '\\u{1f', '%', '%C3', "'", "'\\"])
    t.equal(unescape(`a ${begun}`).open, 2, `${begun} may go on`)
  t.end()
})
