import fc from 'fast-check'
import { fromMarkdown } from 'mdast-util-from-markdown'
import t from 'tap'
import { bytesOf, cutMarkdown, leftOut } from '../../../src/core/report/cut-markdown.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { fenced } from '../../../src/core/report/plain.ts'

t.test('a block of many blank lines is fenced as quickly as any other', t => {
  const blank = '\n'.repeat(1_000_000)
  t.equal(fenced('', `${blank}a${blank}`), `\`\`\`\n${blank}a\n\`\`\``)
  t.end()
})

t.test('a text that fits stays as it is; bytes count, and not characters', t => {
  t.equal(cutMarkdown('ééé', 6), 'ééé')
  t.equal(cutMarkdown('ééé', 5), leftOut, 'a line that has no room is left out')
  t.equal(cutMarkdown(`a\nb\n${'é'.repeat(40)}`, 60), `a\nb\n\n${leftOut}`)
  t.end()
})

t.test('a cut closes the fence and the folded part that it is in', t => {
  const lines = 'x\n'.repeat(60)
  t.match(cutMarkdown(`\`\`\`\`diff\n\`\`\`\n${lines}`, 90), /x\n````\n\n\(the rest/)
  const folded = `<details><summary>a</summary>\n\n~~~\n</details>\n${lines}~~~\n\n</details>`
  t.match(cutMarkdown(folded, 140), /x\n~~~\n\n<\/details>\n\n\(the rest/)
  const closed = `\`\`\`\ny\n\`\`\`\n<details>\n</details>\n${lines}`
  t.match(cutMarkdown(closed, 120), /x\n\n\(the rest/, 'what is closed already is not closed again')
  t.end()
})

t.test('whatever is cut, what follows is a paragraph of its own', t => {
  const line = fc.constantFrom(
    '```',
    '````sh',
    '~~~',
    'text é',
    '<details>',
    '</details>',
    '',
    '- a',
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), fc.nat(300), (lines, most) => {
      const cut = cutMarkdown(lines.join('\n'), most)
      if (cut === lines.join('\n')) return true
      const last = fromMarkdown(`${cut}\n\nafter`).children.at(-1)
      return last?.type === 'paragraph' && bytesOf(cut) <= Math.max(most, bytesOf(leftOut))
    }),
    { numRuns: propertyRuns(300) },
  )
  t.end()
})
