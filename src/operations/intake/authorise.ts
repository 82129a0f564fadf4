import type { Verb } from '../../core/run/run.ts'
import { RefusedError } from '../../errors.ts'
import type { Base } from '../base.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../ports/forge.ts'
import { fetchBase } from '../read-base.ts'
import { isEnough, isOutsider } from './create-gate.ts'
import type { Sender } from './sender.ts'

/**
 * Fetches the base branch for a sender who has the permission that its configuration asks for. Throws RefusedError
 * PERMISSION_DENIED, before anything is fetched for a sender who may run nothing; else as fetchBase does.
 */
export const authorise = async (
  context: Context,
  { sender, permission }: Sender,
  verb: 'detach' | 'preflight' | 'compare' | Verb,
): Promise<Base> => {
  const denied = (wanted: Permission): RefusedError =>
    new RefusedError(
      'PERMISSION_DENIED',
      `${verb} was asked for by ${sender}, who has the permission ${permission}`,
      {
        fix: `ask someone with the permission ${wanted} on this repository`,
      },
    )
  if (isOutsider(permission)) throw denied('write')
  const base = await fetchBase(context)
  // What changes nothing needs no more than any other command.
  const isReading = verb === 'preflight' || verb === 'compare'
  const wanted = isReading ? 'write' : base.config.permissions[verb]
  if (!isEnough(permission, wanted)) throw denied(wanted)
  return base
}
