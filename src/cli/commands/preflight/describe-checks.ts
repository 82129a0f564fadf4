import type { Check } from '../../../core/preflight/check.ts'
import type { OutputForm } from '../../output-flag.ts'
import { verdictOf } from '../../../core/preflight/verdict-of.ts'

/** The checks as people read them on a terminal: what blocks first, then what warns; the rest by name alone, unless it is `wide`. */
export const describeChecks = (
  cluster: string,
  checks: readonly Check[],
  form: OutputForm = 'text',
): string => {
  const of = (status: Check['status'], level?: Check['level']): readonly Check[] =>
    checks.filter(
      check => check.status === status && (level === undefined || check.level === level),
    )
  const rest = form === 'wide' ? inFull : byName
  return `${[
    ...inFull('blocks', [...of('fail', 'block'), ...of('unknown', 'block')]),
    ...inFull('warns', [...of('fail', 'warn'), ...of('unknown', 'warn')]),
    ...rest('not asked, since nothing was named to ask', of('not-asked')),
    ...rest('passed', of('pass')),
    verdictOf(cluster, checks),
  ].join('\n')}\n`
}

const inFull = (title: string, checks: readonly Check[]): readonly string[] =>
  checks.length === 0
    ? []
    : [
        `${title}:`,
        ...checks.flatMap(({ id, reason, fix }) => [
          `  ${id}: ${oneLine(reason)}`,
          ...(fix === '' ? [] : [`      ${oneLine(fix)}`]),
        ]),
        '',
      ]

const byName = (title: string, checks: readonly Check[]): readonly string[] => {
  const places = [...new Set(checks.map(placeOf))]
  const width = Math.max(0, ...places.map(({ length }) => length))
  return checks.length === 0
    ? []
    : [
        `${title}:`,
        ...places.map(place => {
          const names = checks.filter(check => placeOf(check) === place).map(nameOf)
          return `  ${place.padEnd(width)}  ${names.join(', ')}`
        }),
        '',
      ]
}

const placeOf = ({ id }: Check): string => id.slice(0, id.indexOf('.'))
const nameOf = ({ id }: Check): string => id.slice(id.indexOf('.') + 1)
const oneLine = (text: string): string => text.replace(/\s+/g, ' ')
