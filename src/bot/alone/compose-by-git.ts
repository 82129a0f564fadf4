import { join } from 'node:path'
import { keptCommits } from '../../adapters/git/kept-commits.ts'
import { writeWhole } from '../../adapters/files/write-whole.ts'
import type { Verb } from '../../core/run/run.ts'
import type { Feed } from '../../operations/ports/inbox.ts'
import type { Ports } from '../../operations/ports/ports.ts'
import type { Repository } from '../../operations/ports/repository.ts'
import type { RunStore } from '../../operations/ports/run-store.ts'
import { askByGit } from './ask-by-git.ts'
import { forgeByGit } from './forge-by-git.ts'
import { pushByHand } from './push-by-hand.ts'

/** A run without a forge: git alone shows what was pushed and merged, and a person does both. */
export type ByGit = Readonly<{
  /** The branch that asks for it. */
  head: string
  /** An order to begin with; null: none. */
  order: Verb | null
  /** Hears what is for the person. */
  say: (text: string) => void
}>

type Around = Readonly<{
  cluster: string
  pullRequest: number
  repository: Repository
  runs: RunStore
  branch: string
  url: string
  /** The data directory, with the mirror in `git`. */
  data: string
  /** Directories for finding git. */
  path: string
  now: () => Date
}>

/** Where the report of a run without a forge is written. */
export const reportIn = (data: string): string => join(data, 'report.md')

/** Composes what stands in for GitHub. Answers are said; the report is kept in a file of the data directory. */
export const composeByGit = (
  { head, say }: ByGit,
  { data, path, url, branch, ...around }: Around,
): Pick<Ports, 'repository' | 'forge' | 'pulls'> & Readonly<{ feed: Feed }> => {
  const directory = join(data, 'git')
  const mirror = join(directory, 'mirror.git')
  const kept = keptCommits({ directory, path })
  const repository = pushByHand(around.repository, { kept, mirror, url, branch, head })
  const { forge, pulls } = forgeByGit({
    ...{ ...around, repository, branch, head },
    written: ({ marker, body }) => {
      if (marker.startsWith('<!-- sower:run ')) writeWhole(reportIn(data), body, { mode: 0o600 })
      if (marker === '<!-- sower:answer -->') say(`${body}\n`)
    },
  })
  return { repository, forge, pulls, feed: askByGit({ ...around, repository, head, say }) }
}
