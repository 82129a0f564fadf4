import type { Check } from '../preflight/check.ts'
import { codeCell, plain, shorten, table } from './plain.ts'

const longestReason = 4_000

const marks: Readonly<Record<Check['status'], string>> = {
  pass: '✓',
  fail: '✗',
  unknown: '?',
  'not-asked': '–',
}

const checksTable = (checks: readonly Check[]): string =>
  table(
    ['check', '', 'found', 'what to do'],
    checks.map(({ id, level, status, reason, fix }) => [
      codeCell(id),
      status === 'pass' ? marks.pass : `${marks[status]} ${level}`,
      plain(shorten(reason, longestReason)),
      plain(fix),
    ]),
  )

/** The section of checks: blocking ones first, then warnings; passed ones are folded. */
export const checksSection = (checks: readonly Check[]): string => {
  const passed = checks.filter(({ status }) => status === 'pass')
  const others = checks.filter(({ status }) => status !== 'pass')
  const first = [
    ...others.filter(({ level }) => level === 'block'),
    ...others.filter(({ level }) => level === 'warn'),
  ]
  const folded = `<details><summary>${passed.length} checks passed</summary>\n\n${checksTable(passed)}\n\n</details>`
  return [first.length ? checksTable(first) : '', passed.length ? folded : '']
    .filter(part => part !== '')
    .join('\n\n')
}
