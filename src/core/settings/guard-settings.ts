import { RefusedError } from '../../errors.ts'
import { fieldsOf, textOf } from '../yaml/fields-of.ts'
import { pathOf } from '../kustomization/follow-entry.ts'
import { defaults } from './defaults.ts'
import { nearestConfiguration } from './nearest-configuration.ts'
import { readYaml } from '../yaml/read-yaml.ts'
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

/**
 * Reads the nearest `sower.yaml` at or above the application path. Only what guards need must be right in it:
 * a word for the bot that is spelt wrongly is no reason to stop a fleet. Throws RefusedError
 * CONFIGURATION_INVALID where that cannot be read, since the guards would look in the wrong place.
 */
export const readGuardSettings = (tree: RepositoryTree, path: string): GuardSettings => {
  const found = nearestConfiguration(tree, path)
  if (found === null) return { directory: defaults.directory, roots: [], secret: null }
  const { path: file, base, kind } = found
  const refuse = (reason: string): RefusedError =>
    new RefusedError('CONFIGURATION_INVALID', `reading ${file}: ${reason}`, {
      fix: 'see docs/configuration.md',
    })
  if (kind !== 'file') throw refuse('it is no plain file')
  const fields = fieldsOf(readYaml(textAt(tree, file), refuse))
  const secret = fieldsOf(fields.get('secret'))
  const inTree = (value: unknown): string => {
    const place = typeof value === 'string' ? pathOf(base, value) : null
    if (place === null) throw refuse(`${JSON.stringify(value)} is no path of this repository`)
    return place
  }
  return {
    directory: inTree(fields.get('directory') ?? defaults.directory),
    roots: [fields.get('roots') ?? []].flat().map(inTree),
    secret: {
      namespace: textOf(secret, 'namespace') || defaults.secret.namespace,
      name: textOf(secret, 'name') || defaults.secret.name,
    },
  }
}
