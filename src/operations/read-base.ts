import { defaultRoots } from '../core/cluster/default-roots.ts'
import { directoriesWithKustomization } from '../core/kustomization/every-path.ts'
import { readText } from '../core/repository-tree.ts'
import { sizeLimits } from '../core/size-limits.ts'
import { readConfiguration } from '../core/settings/configuration.ts'
import { refuseLinkedDirectory } from '../core/settings/refuse-linked-directory.ts'
import { configurationPath } from '../core/settings/nearest-configuration.ts'
import { RefusedError, UnavailableError } from '../errors.ts'
import type { Base } from './base.ts'
import type { Context } from './context.ts'
import { openListsAt } from './repair/open-lists-at.ts'

/** The means to read the base branch. */
type OfBase = Readonly<{
  ports: Pick<Context['ports'], 'repository'>
  settings: Pick<Context['settings'], 'branch'>
}>

/**
 * Fetches and reads the base branch; the configuration is taken from nowhere else. Throws
 * UnavailableError GIT_FAILED, RefusedError CONFIGURATION_MISSING, InputError CONFIGURATION_INVALID.
 */
export const fetchBase = async (context: OfBase): Promise<Base> => {
  await context.ports.repository.fetch()
  return readBase(context)
}

/**
 * The same, as of the last fetch: what an effect works on was fetched by the look that asked for it, and a
 * push on top of anything older is refused by git.
 */
export const readBase = async ({ ports, settings }: OfBase): Promise<Base> => {
  const head = await ports.repository.branchHead(settings.branch)
  if (head === undefined)
    throw new UnavailableError('GIT_FAILED', `reading branch ${settings.branch}: it is not there`)
  const checkout = await ports.repository.checkout(head)
  if (checkout.tree.entry(configurationPath) !== 'file')
    throw new RefusedError(
      'CONFIGURATION_MISSING',
      `reading ${configurationPath} on ${settings.branch}: it is not there`,
      { fix: 'add it to the base branch; examples/ztp/sower.yaml is one' },
    )
  const text = readText(checkout.tree, configurationPath, sizeLimits.settings)
  const config = readConfiguration(text, () => [])
  refuseLinkedDirectory(checkout.tree, config.directory)
  if (config.roots.length > 0) return { checkout, config }
  // A root with entries below `[]` is one, too, though nothing reads it before that is repaired.
  const directories = directoriesWithKustomization(checkout.tree.paths())
  const { checkout: opened } = await openListsAt(ports.repository, checkout, directories)
  return { checkout, config: { ...config, roots: defaultRoots(opened.tree).roots } }
}
