import { posix } from 'node:path'
import { temporaryDirectory } from '../../adapters/files/temporary-directory.ts'
import { gitRepository } from '../../adapters/git/git-repository.ts'
import { openWorkTree } from '../../adapters/git/work-tree/open-work-tree.ts'
import { readConfiguration } from '../../core/settings/configuration.ts'
import { refuseLinkedDirectory } from '../../core/settings/refuse-linked-directory.ts'
import { defaults } from '../../core/settings/defaults.ts'
import {
  configurationPath,
  nearestConfiguration,
} from '../../core/settings/nearest-configuration.ts'
import { defaultRoots, type DefaultRoots } from '../../core/cluster/default-roots.ts'
import { InputError, messageOf, RefusedError } from '../../errors.ts'
import { readText } from '../../core/repository-tree.ts'
import { sizeLimits } from '../../core/size-limits.ts'
import type { Checkout } from '../../operations/ports/repository.ts'
import { during, type Surroundings } from '../../surroundings.ts'
import type { Clone } from './clone.ts'

/**
 * Opens the clone that a directory lies in. Roots are `--root`, else those of sower.yaml, else every
 * kustomization of the repository that no other one lists.
 * Throws InputError GIT_FAILED, ARGUMENT_INVALID or CONFIGURATION_INVALID.
 */
export const openClone = async (
  surroundings: Surroundings,
  options: Readonly<{ directory: string; roots: readonly string[] }>,
): Promise<Clone> => {
  const workTree = await openWorkTree({ ...surroundings, asked: options.directory })
  const { top, head, objects, directory } = workTree
  const work = temporaryDirectory('sower-plan-')
  try {
    const repository = gitRepository({
      url: top,
      directory: work.directory,
      tokenFile: null,
      path: surroundings.environment['PATH'] ?? '',
      objects,
    })
    const reading = during(surroundings, 'reading HEAD', () => repository.checkout(head))
    const checkout = await reading.catch((cause: unknown) => {
      if (cause instanceof RefusedError) throw cause
      throw new InputError('GIT_FAILED', messageOf(cause), {
        fix: 'a clone that leaves out files of HEAD is completed with `git sparse-checkout disable`',
        cause,
      })
    })
    const { text, base } = configurationAbove(checkout, directory)
    const config = text === null ? null : readConfiguration(text, () => [])
    const inTree = posix.join(base, config?.directory ?? defaults.directory)
    refuseLinkedDirectory(checkout.tree, inTree)
    const named = options.roots.map(root => insideOf(checkout, { directory, root }))
    const configured = config?.roots.map(root => posix.join(base, root)) ?? []
    const { roots, warnings } = rootsOf(checkout, { named, configured })
    return {
      ...{ workTree, checkout, repository, base, config, roots, close: work.remove },
      directory: inTree,
      areRootsNamed: named.length + configured.length > 0,
      warnings: config === null ? [...warnings, anyCluster] : warnings,
      shown: file => posix.relative(base, file) || '.',
    }
  } catch (error) {
    work.remove()
    throw error
  }
}

const anyCluster = `no ${configurationPath} is committed: any cluster may be detached; list those that may under \`seeds\` there`

/** Reads the nearest sower.yaml of a directory; without one, paths are relative to the top level. */
const configurationAbove = (
  { tree }: Checkout,
  asked: string,
): Readonly<{ text: string | null; base: string }> => {
  const found = nearestConfiguration(tree, asked)
  if (found === null) return { text: null, base: '.' }
  const { path, base, kind } = found
  if (kind === 'file') return { text: readText(tree, path, sizeLimits.settings), base }
  throw new InputError('CONFIGURATION_INVALID', `reading ${path}: it is a ${kind}`, {
    fix: 'commit a plain file there',
  })
}

const rootsOf = (
  { tree }: Checkout,
  { named, configured }: Readonly<{ named: readonly string[]; configured: readonly string[] }>,
): DefaultRoots => {
  if (named.length > 0) return { roots: named, warnings: [] }
  return configured.length > 0 ? { roots: configured, warnings: [] } : defaultRoots(tree)
}

const insideOf = (
  { tree }: Checkout,
  { directory, root }: Readonly<{ directory: string; root: string }>,
): string => {
  const path = posix.join(directory, root).replace(/(?<=.)\/$/, '')
  if (!posix.isAbsolute(root) && !/^\.\.(?:\/|$)/.test(path) && tree.entry(path) === 'directory')
    return path
  throw new InputError('ARGUMENT_INVALID', `--root ${root}: there is no such directory in HEAD`, {
    fix: 'name committed directories with a kustomization.yaml, relative to -C',
  })
}
