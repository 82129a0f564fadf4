import { blocking, type Check } from '../../../core/preflight/check.ts'

const marks: Readonly<Record<Check['status'], string>> = {
  pass: 'ok',
  fail: 'FAILED',
  unknown: 'no answer',
  'not-asked': 'not asked',
}

/** The checks as people read them on a terminal: what blocks first, then what warns, then what passed. */
export const describeChecks = (cluster: string, checks: readonly Check[]): string => {
  const rank = ({ level, status }: Check): number =>
    status === 'pass' ? 2 : level === 'block' ? 0 : 1
  const sorted = [0, 1, 2].map(at => checks.filter(check => rank(check) === at))
  const [blocks = [], warns = [], passed = []] = sorted
  return `${[
    ...section('blocks:', blocks),
    ...section('warnings:', warns),
    ...section('passed:', passed),
    verdict(cluster, checks),
  ].join('\n')}\n`
}

const section = (title: string, checks: readonly Check[]): readonly string[] => {
  if (checks.length === 0) return []
  const width = Math.max(...checks.map(({ id }) => id.length))
  return [
    title,
    ...checks.flatMap(({ id, status, reason, fix }) => [
      `  ${id.padEnd(width)}  ${status === 'pass' ? '' : `${marks[status]}: `}${oneLine(reason)}`,
      ...(fix === '' ? [] : [`  ${' '.repeat(width)}  → ${oneLine(fix)}`]),
    ]),
    '',
  ]
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ')

const verdict = (cluster: string, checks: readonly Check[]): string => {
  const stopping = blocking(checks)
  const failed = stopping.filter(({ status }) => status === 'fail').length
  const open = stopping.length - failed
  const passed = checks.filter(({ status }) => status === 'pass').length
  const counts = `${failed} blocking, ${open} without an answer, ${passed} of ${checks.length} passed`
  if (failed > 0) return `${cluster} is not ready for a seed generation: ${counts}`
  return open > 0
    ? `nothing is known to block the seed generation of ${cluster}: ${counts}`
    : `${cluster} is ready for a seed generation: ${counts}`
}
