import { createHash } from 'node:crypto'
import type { Change } from '../../core/change.ts'
import { seedPaths } from '../../core/detach/seed-record.ts'
import { readText, type RepositoryTree } from '../../core/repository-tree.ts'
import { requestManifest } from '../../core/seedgen/read-request.ts'
import { sizeLimits } from '../../core/size-limits.ts'
import type { Configuration } from '../../core/settings/configuration.ts'

/** The request. */
export type Asked = Readonly<{
  cluster: string
  image: string
  /** The seed is detached already, by hand, or was never on a hub. */
  adopt?: boolean
  /** The SealedSecret of the push credential; null where none comes along. */
  sealed: string | null
  /** Such as 2026-11-30. */
  today: string
}>

/**
 * The files of a request: its own, and the sealed credential at its place in Git. A request file that is there already
 * says nothing new to the bot, so that of a request that is made again says when.
 */
export const requestChanges = (
  tree: RepositoryTree,
  { directory, secret }: Pick<Configuration, 'directory' | 'secret'>,
  { cluster, image, adopt = false, sealed, today }: Asked,
): readonly Change[] => {
  const path = seedPaths(directory, cluster).request
  const plain = requestManifest({ cluster, image, adopt })
  const before = tree.entry(path) === 'file' ? readText(tree, path, sizeLimits.settings) : undefined
  const again = `# Asked for again on ${today}.\n${plain}`
  const content = before === undefined || !before.endsWith(plain) ? plain : again
  return [
    { path, content: before === content ? `# Once more.\n${content}` : content },
    ...(sealed === null ? [] : [{ path: secret.file, content: sealed }]),
  ]
}

/** How the branches of the requests of a cluster begin. */
const branchStart = (
  { branchPrefix = '' }: Pick<Configuration, 'branchPrefix'>,
  cluster: string,
): string => `${branchPrefix}seed-${cluster}-`

/** The branch of a request: the same files on the same base have the same one. */
export const requestBranch = (
  config: Pick<Configuration, 'branchPrefix'>,
  {
    cluster,
    base,
    changes,
  }: Readonly<{ cluster: string; base: string; changes: readonly Change[] }>,
): string => {
  const digest = createHash('sha256')
    .update(JSON.stringify([base, changes]))
    .digest('hex')
  return `${branchStart(config, cluster)}${digest.slice(0, 8)}`
}

/** Tells whether a branch is one that was made for a request of this cluster. */
export const isRequestBranch = (
  config: Pick<Configuration, 'branchPrefix'>,
  cluster: string,
  branch: string,
): boolean => {
  const start = branchStart(config, cluster)
  return branch.startsWith(start) && /^[0-9a-f]{8}$/.test(branch.slice(start.length))
}
