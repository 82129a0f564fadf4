import { rowOf, type CommandVerb } from '../../core/command/verbs.ts'
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
  verb: CommandVerb,
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
  const { needs } = rowOf(verb)
  const wanted = needs === null ? 'write' : base.config.permissions[needs]
  if (!isEnough(permission, wanted)) throw denied(wanted)
  return base
}
