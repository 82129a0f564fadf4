import posix from 'node:path/posix'
import { defaultRoots } from '../../core/cluster/default-roots.ts'
import { readText } from '../../core/repository-tree.ts'
import { readConfiguration, type Configuration } from '../../core/settings/configuration.ts'
import { defaults } from '../../core/settings/defaults.ts'
import { configurationPath } from '../../core/settings/nearest-configuration.ts'
import { sizeLimits } from '../../core/size-limits.ts'
import { InputError } from '../../errors.ts'
import type { Checkout } from '../ports/repository.ts'

/** A commit, what becomes of it where that is known, and the directory of sower.yaml where it is not the top level. */
type Sides = Readonly<{ before: Checkout; after?: Checkout; base?: string }>

/** Where to look for clusters, and where records are kept. */
type Places = Readonly<{ roots: readonly string[]; directory: string }>

/**
 * The roots of both sides, by what each says itself: a change must not hide a cluster by leaving its root out. Records are
 * kept where the side before says. A configuration that cannot be read before counts as none, so that it can be repaired;
 * throws InputError CONFIGURATION_INVALID for the one after the change.
 */
export const rootsOfChange = ({ before, after, base = '.' }: Sides): Places => {
  const old = lenient(() => configurationAt(before, base))
  const now = after ? configurationAt(after, base) : null
  const added = after ? rootsAt(after, base, now) : []
  return {
    roots: [...new Set([...rootsAt(before, base, old), ...added])],
    directory: posix.join(base, (old ?? now)?.directory ?? defaults.directory),
  }
}

const configurationAt = ({ tree }: Checkout, base: string): Configuration | null => {
  const path = posix.join(base, configurationPath)
  return tree.entry(path) === 'file'
    ? readConfiguration(readText(tree, path, sizeLimits.settings), () => [])
    : null
}

const rootsAt = (
  { tree }: Checkout,
  base: string,
  config: Configuration | null,
): readonly string[] => {
  const roots = config?.roots.map(root => posix.join(base, root)) ?? []
  return roots.length > 0 ? roots : defaultRoots(tree).roots
}

const lenient = <T>(read: () => T): T | null => {
  try {
    return read()
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}
