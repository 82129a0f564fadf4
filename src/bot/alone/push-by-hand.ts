import { createHash } from 'node:crypto'
import type { KeptCommits } from '../../adapters/git/kept-commits.ts'
import { RefusedError } from '../../errors.ts'
import type { Repository } from '../../operations/ports/repository.ts'

type Place = Readonly<{
  kept: KeptCommits
  /** The mirror that holds the commits, and where it was cloned from. */
  mirror: string
  url: string
  /** The branch that Argo CD tracks, and the one that asks for the run. */
  branch: string
  head: string
}>

/**
 * A repository that pushes nothing: `push` throws RefusedError PUSH_AWAITED with the command that does it. The same changes on the
 * same commit are the same commit, also after a restart, so that the command which was printed stays good.
 */
export const pushByHand = (
  repository: Repository,
  { kept, mirror, url, branch, head }: Place,
): Repository => ({
  ...repository,
  commit: async request => {
    const { onto, message, changes } = request
    const content = JSON.stringify([onto, message, changes])
    const name = createHash('sha256').update(content).digest('hex')
    const known = await kept.find(name)
    if (known !== undefined) return known
    const sha = await repository.commit(request)
    if (sha !== onto) await kept.keep(name, sha)
    return sha
  },
  push: async (sha, to) => {
    const git = `git -C ${quoted(mirror)}`
    // A prefix of branches is a word of the repository.
    const push = `\`${git} push ${quoted(url)} ${quoted(`${sha}:refs/heads/${to}`)}\``
    const after =
      to === head
        ? `look at it (\`${git} show ${sha}\`), then run ${push}`
        : to === branch
          ? `run ${push}; where ${branch} takes no push, push it to a branch of its own, open a pull request from there to ${branch}, and merge it`
          : `run ${push}, open a pull request from ${to} to ${branch}, and merge it`
    throw new RefusedError(
      'PUSH_AWAITED',
      `pushing ${sha.slice(0, 12)} to ${to}: without GitHub, a person does that`,
      { fix: `${after}; the run goes on by itself` },
    )
  },
})

/** A word as a POSIX shell takes it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
