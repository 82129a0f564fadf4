import type { Configuration } from '../core/settings/configuration.ts'
import { readConfiguration } from '../core/settings/configuration.ts'
import { configurationPath } from '../core/settings/nearest-configuration.ts'
import { RefusedError, UnavailableError, type ErrorCode } from '../errors.ts'
import { defaultRoots } from '../core/cluster/default-roots.ts'
import type { PreparedDetach } from './prepare-detach.ts'
import type { Ports } from './ports/ports.ts'
import type { Checkout } from './ports/repository.ts'
import type { FoundIn } from './scan-versions.ts'
import type { Proof } from '../core/proof/proof.ts'
import { readText } from '../core/repository-tree.ts'

/** The process's own settings; what belongs to the repository is in its configuration. */
export type Settings = Readonly<{
  /** owner/name */
  repository: string
  /** The branch that Argo CD tracks; requests against another one are refused. */
  branch: string
  /** The hub namespace for the saved access. */
  namespace: string
}>

/** Everything an operation works with. */
export type Context = Readonly<{
  ports: Ports
  settings: Settings
  /** Proofs by the two commits they compare: renders are pure, so they are made once. */
  proofs: Map<string, Promise<Proof>>
  /** Detach commits that are made and not pushed, by the commit they stand on and the request. */
  prepared: Map<string, Promise<PreparedDetach>>
  /** Credentials by the two commits between which they were looked for. */
  scans: Map<string, Promise<readonly FoundIn[]>>
  /** What a run met at its last looks and may pass by itself, since when (epoch milliseconds). */
  troubles: Map<string, Readonly<{ code: ErrorCode; since: number }>>
  now: () => Date
}>

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
