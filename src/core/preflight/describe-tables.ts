import { notCheckable } from './not-checkable.ts'
import { describeQuery } from './query.ts'
import { tables } from './tables.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** The tables of docs/preflight.md: all checks, and what none of them answers. */
export const describeTables = (): string =>
  [
    '| check | level | passes when | reads | source |',
    '|---|---|---|---|---|',
    ...tables.map(({ id, level, passes, reads, source }) => {
      const read = reads.map(query => `\`${describeQuery(query)}\``).join(', ')
      return `| \`${id}\` | ${level} | ${cell(passes)} | ${read || (id.endsWith('.rights') ? 'SelfSubjectAccessReviews' : 'Git, Argo CD or the registry')} | ${source.join(', ')} |`
    }),
    '',
    '## Not checked',
    '',
    '| id | what | why not | by hand |',
    '|---|---|---|---|',
    ...notCheckable.map(
      ({ id, what, why, command }) => `| ${id} | ${what} | ${why} | \`${cell(command)}\` |`,
    ),
  ].join('\n')
