import type { Configuration } from '../../core/settings/configuration.ts'
import type { Verb } from '../../core/run/run.ts'
import { RefusedError } from '../../errors.ts'
import type { Context } from '../context.ts'

const permissions = ['none', 'read', 'write', 'admin'] as const

/** Refuses a sender with less than the configured permission; a permission that cannot be read refuses too. */
export const authorise = async (
  context: Context,
  config: Configuration,
  sender: string,
  verb: 'detach' | Verb,
): Promise<void> => {
  const wanted = config.permissions[verb]
  const has = await context.ports.forge.permission(sender)
  if (permissions.indexOf(has) >= permissions.indexOf(wanted)) return
  throw new RefusedError(
    'PERMISSION_DENIED',
    `${verb} was asked for by ${sender}, who has the permission ${has}`,
    {
      fix: `ask someone with the permission ${wanted} on this repository`,
    },
  )
}
