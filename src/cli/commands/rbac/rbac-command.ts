import { seedRoles } from '../../../core/settings/seed-roles.ts'
import { InputError } from '../../../errors.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { repositorySettings } from '../../clone/repository-settings.ts'

export type RbacOptions = Readonly<{ directory: string; namespace: string }>

/**
 * `sower rbac`: prints the rights of the bot to the clusters under `seeds` of the work tree, as manifests. Throws
 * InputError CONFIGURATION_MISSING without a `sower.yaml`, and as reading it does.
 */
export const rbacCommand = (
  surroundings: Surroundings,
  { directory, namespace }: RbacOptions,
): void => {
  const settings = repositorySettings(surroundings.directory, directory)
  if (settings === null)
    throw new InputError(
      'CONFIGURATION_MISSING',
      `reading ${directory}: there is no sower.yaml in it or above it`,
      { fix: 'run it in the repository, or name one of its directories with -C' },
    )
  surroundings.print(seedRoles(settings.config, namespace))
}
