import posix from 'node:path/posix'
import { RefusedError } from '../../errors.ts'
import { fieldsOf, textOf } from '../yaml/fields-of.ts'
import { pathOf } from '../kustomization/follow-entry.ts'
import { defaults } from './defaults.ts'
import { configurationPath, configurationPlaces } from './nearest-configuration.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'
import { sizeLimits } from '../size-limits.ts'

/** The settings that guards take from `sower.yaml`; every path is relative to the tree. */
export type GuardSettings = Readonly<{
  /** Where Sower writes SeedGenerators. */
  directory: string
  /** Wherever requests, SeedGenerators and records may be. */
  directories: readonly string[]
  /** The configured roots. */
  roots: readonly string[]
  /** Where the SealedSecret is unsealed; null without a configuration. */
  secret: Readonly<{ namespace: string; name: string }> | null
}>

type OneFile = Omit<GuardSettings, 'directories'>

/**
 * Reads every `sower.yaml` at or above the application path. The outermost one says where Sower writes and unseals;
 * a nearer one only adds places to look at, so it turns no guard off. Without one at the root of the tree, the
 * standard place is looked at, too. Only what guards need must be right in it: a word for the bot that is spelt
 * wrongly is no reason to stop a fleet. Throws RefusedError CONFIGURATION_INVALID where that cannot be read, since
 * the guards would look in the wrong place.
 */
export const readGuardSettings = (tree: RepositoryTree, path: string): GuardSettings => {
  const files = configurationPlaces(path)
    .toReversed()
    .filter(file => tree.entry(file) !== undefined)
    .map(file => readOne(tree, file))
  const isAtRoot = tree.entry(configurationPath) !== undefined
  const [{ directory, secret } = standard] = files
  const directories = [isAtRoot ? [] : [standard], files].flat().map(one => one.directory)
  return {
    ...{ directory, secret },
    directories: [...new Set(directories)],
    roots: files.flatMap(({ roots }) => roots),
  }
}

const standard: OneFile = { directory: defaults.directory, roots: [], secret: null }

const readOne = (tree: RepositoryTree, file: string): OneFile => {
  const refuse = (reason: string): RefusedError =>
    new RefusedError('CONFIGURATION_INVALID', `reading ${file}: ${reason}`, {
      fix: 'see docs/configuration.md',
    })
  if (tree.entry(file) !== 'file') throw refuse('it is not a plain file')
  const fields = fieldsOf(readYaml(textAt(tree, file, sizeLimits.settings), refuse))
  const secret = fieldsOf(fields.get('secret'))
  const inTree = (value: unknown): string => {
    const place = typeof value === 'string' ? pathOf(posix.dirname(file), value) : null
    if (place === null) throw refuse(`${JSON.stringify(value)} is not a path of this repository`)
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
