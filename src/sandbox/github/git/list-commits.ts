import type { BareRepository } from './bare-repository.ts'

type Signature = Readonly<{ name: string; email: string; date: string }>

/** One commit as git tells it. */
export type Commit = Readonly<{
  sha: string
  tree: string
  parents: readonly string[]
  author: Signature
  committer: Signature
  message: string
  trailers: Readonly<Record<string, string>>
}>

const fields = '%H %T %P %an %ae %aI %cn %ce %cI %B %(trailers:only,unfold)'.split(' ')

const readTrailers = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .map(line => /^([^:]+): (.*)$/.exec(line))
      .flatMap(match => (match ? [[match[1] ?? '', match[2] ?? '']] : [])),
  )

/** The commits of a revision range (`rev-list` arguments), oldest first. */
export const listCommits = async (
  repository: BareRepository,
  range: readonly string[],
): Promise<readonly Commit[]> => {
  const format = `--format=${fields.join('%x00')}`
  const log = ['log', '--reverse', '--topo-order', '-z', format]
  const words = (await repository.run([...log, ...range])).split('\0')
  const commits: Commit[] = []
  for (let start = 0; start + fields.length <= words.length; start += fields.length) {
    const word = (index: number): string => words[start + index] ?? ''
    commits.push({
      sha: word(0),
      tree: word(1),
      parents: word(2).split(' ').filter(Boolean),
      author: { name: word(3), email: word(4), date: word(5) },
      committer: { name: word(6), email: word(7), date: word(8) },
      message: word(9).trimEnd(),
      trailers: readTrailers(word(10)),
    })
  }
  return commits
}

/** The one commit that a SHA names. */
export const readCommit = async (repository: BareRepository, sha: string): Promise<Commit> => {
  const [commit] = await listCommits(repository, ['--no-walk', sha])
  if (!commit) throw new Error(`no commit ${sha}`)
  return commit
}
