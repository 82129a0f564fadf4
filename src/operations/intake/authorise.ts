import { rowOf, type CommandVerb } from '../../core/command/verbs.ts'
import { RefusedError } from '../../errors.ts'
import type { Base } from '../base.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../../core/settings/roles.ts'
import { fetchBase } from '../read-base.ts'
import { isEnough, isOutsider } from './create-gate.ts'
import type { Sender } from './sender.ts'

/**
 * Fetches the base branch for a sender who has the permission that its configuration asks for, and is one of the users or
 * in one of the teams that it names, where it does. Throws RefusedError PERMISSION_DENIED, before anything is fetched for
 * a sender who may run nothing; what GitHub throws where it does not say who is in a team; else as fetchBase does.
 */
export const authorise = async (
  context: Context,
  { sender, permission }: Sender,
  verb: CommandVerb,
): Promise<Base> => {
  const denied = (wanted: Permission): RefusedError =>
    new RefusedError(
      'PERMISSION_DENIED',
      `${verb} was asked for by ${sender}, who ${permission === 'none' ? 'is not a collaborator of this repository' : `has the permission ${permission}`}`,
      {
        fix: `ask someone with the permission ${wanted} on this repository`,
      },
    )
  if (isOutsider(permission)) throw denied('write')
  const base = await fetchBase(context)
  const { needs } = rowOf(verb)
  if (needs === null) return base
  const { role, users, teams } = base.config.permissions[needs]
  if (!isEnough(permission, role)) throw denied(role)
  if (await isListed(context, sender, { users, teams })) return base
  throw new RefusedError(
    'PERMISSION_DENIED',
    `${verb} was asked for by ${sender}, whom \`permissions.${needs}\` in sower.yaml does not name`,
    { fix: `ask one of ${[...users, ...teams.map(team => `the team ${team}`)].join(', ')}` },
  )
}

/** Tells whether somebody is named, or in a team that is; where nobody is named, everybody is meant. */
const isListed = async (
  { ports: { forge } }: Context,
  login: string,
  { users, teams }: Readonly<{ users: readonly string[]; teams: readonly string[] }>,
): Promise<boolean> => {
  if (users.length + teams.length === 0) return true
  if (users.some(user => user.toLowerCase() === login.toLowerCase())) return true
  for (const team of teams) if (await forge.isTeamMember({ team, login })) return true
  return false
}
