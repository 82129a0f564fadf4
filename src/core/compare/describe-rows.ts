import { describeQuery } from '../preflight/query.ts'
import { describeMinors, type Minors } from './rows/minors.ts'
import { belongsInExtraManifest } from './rows/belongs-in-extra-manifest.ts'
import { mustBeEqual } from './rows/must-be-equal.ts'
import { mustBeOnTheSeed } from './rows/must-be-on-the-seed.ts'
import { mustNotBeOnTheSeed } from './rows/must-not-be-on-the-seed.ts'
import type { Query } from '../preflight/query.ts'

type Described = Readonly<{
  id: string
  level: string
  passes: string
  minors: Minors
  reads: readonly Query[]
  source: readonly string[]
}>

const groups: readonly Readonly<{ title: string; rows: readonly Described[] }>[] = [
  { title: 'Must be equal', rows: mustBeEqual },
  { title: 'Must not be on the seed', rows: mustNotBeOnTheSeed },
  { title: 'Must be on the seed (RAN DU profile)', rows: mustBeOnTheSeed },
  {
    title: 'Belongs in an extra manifest',
    rows: belongsInExtraManifest.map(row => ({ ...row, level: 'warn', reads: [row.query] })),
  },
]

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** The tables of docs/compare.md: all rows, by group. */
export const describeRows = (): string =>
  groups
    .flatMap(({ title, rows }) => [
      `### ${title}`,
      '',
      '| row | level | passes when | OpenShift | reads of a cluster | source |',
      '|---|---|---|---|---|---|',
      ...rows.map(({ id, level, passes, minors, reads, source }) => {
        const read = reads.map(query => `\`${describeQuery(query).replace(/ on the seed$/, '')}\``)
        return `| \`${id}\` | ${level} | ${cell(passes)} | ${describeMinors(minors) || 'all'} | ${read.join(', ') || 'Git alone'} | ${source.join(', ')} |`
      }),
      '',
    ])
    .join('\n')
    .trimEnd()
