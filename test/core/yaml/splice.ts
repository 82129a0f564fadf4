import t from 'tap'
import {
  applySplices,
  hunkOf,
  lineEnd,
  lineNumber,
  lineStart,
  lineStarts,
  linesOf,
  type Splice,
} from '../../../src/core/yaml/splice.ts'

const text = 'one\ntwo\r\n\nlast'

t.test('knows the lines of a text by its offsets', t => {
  for (const [offset, number, start, end] of [
    [0, 1, 0, 4],
    [3, 1, 0, 4],
    [4, 2, 4, 9],
    [8, 2, 4, 9],
    [9, 3, 9, 10],
    [10, 4, 10, 14],
    [14, 4, 10, 14],
  ] as const)
    t.strictSame(
      [lineNumber(text, offset), lineStart(text, offset), lineEnd(text, offset)],
      [number, start, end],
      `offset ${offset}`,
    )
  t.strictSame(lineStarts(text), [0, 4, 9, 10])
  t.strictSame(lineStarts('a\n'), [0, 2], 'the last line may be empty')
  t.strictSame(lineStarts(''), [0])
  t.end()
})

t.test('makes splices wherever they stand in the list, and keeps every other character', t => {
  t.equal(applySplices(text, []), text)
  t.equal(
    applySplices(text, [
      { start: 14, end: 14, text: '!' },
      { start: 4, end: 7, text: '2' },
      { start: 0, end: 0, text: '#' },
    ]),
    '#one\n2\r\n\nlast!',
  )
  t.end()
})

t.test('tells what splices do to whole lines', t => {
  const cases: readonly (readonly [string, readonly Splice[], object, readonly number[]])[] = [
    [
      'a sign in front of a line',
      [{ start: 4, end: 4, text: '#' }],
      { line: 2, before: 'two\r\n', after: '#two\r\n', follows: 'one\n' },
      [2],
    ],
    [
      'a line that goes takes nothing of the next one',
      [{ start: 4, end: 9, text: '' }],
      { line: 2, before: 'two\r\n', after: '', follows: 'one\n' },
      [2],
    ],
    [
      'lines between two splices belong to the hunk, and are not touched',
      [
        { start: 10, end: 10, text: '#' },
        { start: 0, end: 1, text: 'O' },
      ],
      { line: 1, before: text, after: 'One\ntwo\r\n\n#last', follows: '' },
      [1, 4],
    ],
    [
      'a piece over a line break',
      [{ start: 2, end: 5, text: '' }],
      { line: 1, before: 'one\ntwo\r\n', after: 'onwo\r\n', follows: '' },
      [1, 2],
    ],
  ]
  for (const [what, splices, hunk, lines] of cases) {
    t.strictSame(hunkOf(text, splices), hunk, what)
    t.strictSame(linesOf(text, splices), lines, what)
  }
  t.end()
})
