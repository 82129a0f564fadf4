import { z } from 'zod'
import { roles, type Permission } from '../../../core/settings/roles.ts'
import { valueOf, type RepositoryApi } from '../repository-api.ts'

const coarse = z.enum(['admin', 'write', 'read', 'none'])
const answer = z.looseObject({
  permission: coarse,
  role_name: z.string().nullish(),
  user: z.looseObject({ login: z.string().min(1) }).nullish(),
})

/** The permission that GitHub gives beside a role: "the `maintain` role is mapped to `write` and the `triage` role to `read`". */
const coarseOf: Readonly<Partial<Record<string, z.infer<typeof coarse>>>> = {
  ...{ admin: 'admin', maintain: 'write', write: 'write', triage: 'read', read: 'read' },
}

/**
 * Reads what somebody may do in the repository ("Get repository permissions for a user"). A role that GitHub does not
 * define, or that does not fit the permission beside it, counts as that permission. Who is not a collaborator has none.
 * Throws FailedError or UnavailableError GITHUB_FAILED.
 */
export const readPermission = async (
  { ask, doubt }: Pick<RepositoryApi, 'ask' | 'doubt'>,
  user: string,
): Promise<Permission> => {
  const call = {
    activity: `reading the permission of ${user}`,
    route: 'GET /collaborators/{user}/permission',
    parameters: { user },
  }
  const isOf = (name: string | undefined): boolean =>
    name === undefined || name.toLowerCase() === user.toLowerCase()
  const found = await ask(
    call,
    answer.refine(({ user: of }) => isOf(of?.login)),
  )
  if (found.got === 'missing') {
    const doubted = await doubt(call)
    if (doubted === null) return 'none'
    throw doubted.error
  }
  const { permission, role_name: name } = valueOf(found)
  const role = roles.find(each => each === name)
  return role !== undefined && coarseOf[role] === permission ? role : permission
}
