import { readConfiguration, type Configuration } from '../core/settings/configuration.ts'
import type { Context } from './context.ts'
import type { Checkout } from './ports/repository.ts'
import { defaultRoots } from '../core/cluster/default-roots.ts'
import { readText } from '../core/repository-tree.ts'
import { configurationPath } from '../core/settings/nearest-configuration.ts'
import { UnavailableError, RefusedError } from '../errors.ts'
import { readRecordIfValid } from '../core/detach/read-record-at.ts'

/** The base branch as it is now, with the configuration that it holds. */
export type Base = Readonly<{ checkout: Checkout; config: Configuration }>

/**
 * Fetches and reads the base branch; the configuration is taken from nowhere else. Throws
 * UnavailableError GIT_FAILED, RefusedError CONFIGURATION_MISSING, InputError CONFIGURATION_INVALID.
 */
export const fetchBase = async (context: Context): Promise<Base> => {
  await context.ports.repository.fetch()
  return readBase(context)
}

/**
 * The same, as of the last fetch: what an effect works on was fetched by the look that asked for it, and a
 * push on top of anything older is refused by git.
 */
export const readBase = async ({ ports, settings }: Context): Promise<Base> => {
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
  return {
    checkout,
    config: readConfiguration(
      readText(checkout.tree, configurationPath),
      () => defaultRoots(checkout.tree).roots,
    ),
  }
}

/**
 * The roots that listed a cluster before its detach, from the record on the base branch; all of them where
 * there is none that can be read, as after a human merged an edit of their own.
 */
export const rootsAt = ({ checkout, config }: Base, cluster: string): readonly string[] =>
  readRecordIfValid(checkout.tree, { directory: config.directory, cluster })?.detached?.roots ??
  config.roots
