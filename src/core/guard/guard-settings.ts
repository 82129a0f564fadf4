import posix from 'node:path/posix'
import { z } from 'zod'
import { RefusedError } from '../../errors.ts'
import { pathOf } from '../kustomization/follow-entry.ts'
import { foldersUp } from '../kustomization/survey-repository.ts'
import { readYaml } from '../read-yaml.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'

/** What guards take from `sower.yaml`. */
export type GuardSettings = Readonly<{
  /** Where requests, SeedGenerators and records are, relative to the tree. */
  directory: string
  /** The configured roots, relative to the tree. */
  roots: readonly string[]
  /** Where the SealedSecret is unsealed; null without a configuration. */
  secret: Readonly<{ namespace: string; name: string }> | null
}>

const text = z.string()
const configuration = z.looseObject({
  directory: text.default('seeds'),
  roots: z.array(text).default([]),
  secret: z
    .looseObject({ namespace: text.default('sower-seeds'), name: text.default('seedgen') })
    .prefault({}),
})

/**
 * Reads the nearest `sower.yaml` at or above the application path. Only what guards need must be right in it:
 * a word for the bot that is spelt wrongly is no reason to stop a fleet. Throws RefusedError
 * CONFIGURATION_INVALID where that cannot be read, since the guards would look in the wrong place.
 */
export const readGuardSettings = (tree: RepositoryTree, path: string): GuardSettings => {
  const base = foldersUp(posix.join(path, 'sower.yaml')).find(
    folder => tree.entry(posix.join(folder, 'sower.yaml')) !== undefined,
  )
  if (base === undefined) return { directory: 'seeds', roots: [], secret: null }
  const file = posix.join(base, 'sower.yaml')
  const refuse = (reason: string): RefusedError =>
    new RefusedError('CONFIGURATION_INVALID', `reading ${file}: ${reason}`, {
      fix: 'see docs/configuration.md',
    })
  if (tree.entry(file) !== 'file') throw refuse('it is no plain file')
  const parsed = configuration.safeParse(readYaml(textAt(tree, file), refuse))
  if (!parsed.success)
    throw refuse(parsed.error.issues.map(({ path }) => path.join('.')).join(', ') + ' is not right')
  const inTree = (value: string): string => {
    const place = pathOf(base, value)
    if (place === null) throw refuse(`${value} leads out of the repository`)
    return place
  }
  const { directory, roots, secret } = parsed.data
  return { directory: inTree(directory), roots: roots.map(inTree), secret }
}
