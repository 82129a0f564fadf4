import type { RestEndpointMethodTypes } from '@octokit/rest'
import { accountOf, identityOf, userId, type Host } from '../host.ts'
import { notFound, Refusal } from '../refusal.ts'
import { permissionsShape, repositoryShape } from '../shapes/repository-shape.ts'
import type { Route } from '../route.ts'
import { canWrite } from '../account.ts'
import { userShape } from '../shapes/user-shape.ts'

type Permission =
  RestEndpointMethodTypes['repos']['getCollaboratorPermissionLevel']['response']['data']

/** The permission that GitHub shows beside a role. */
const coarse = {
  ...{ admin: 'admin', maintain: 'write', write: 'write' },
  ...{ triage: 'read', read: 'read', none: 'none' },
} as const

/** Users, the repository itself, and who may do what in it. */
export const repositoryRoutes = (host: Host): readonly Route[] => {
  const profile = (login: string): Record<string, unknown> => ({
    ...userShape(host, login),
    name: login,
    company: null,
    blog: '',
    location: null,
    email: identityOf(login).email,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: host.createdAt,
    updated_at: host.createdAt,
  })
  return [
    {
      method: 'GET',
      path: '/user',
      handle: ({ account }) => ({ status: 200, body: profile(account.login) }),
    },
    {
      method: 'GET',
      path: '/users/:login',
      handle: call => {
        const account = accountOf(host, call.parameter('login'))
        if (!account) throw notFound()
        return { status: 200, body: profile(account.login) }
      },
    },
    {
      method: 'GET',
      path: '/repo',
      handle: ({ account }) => ({ status: 200, body: repositoryShape(host, account) }),
    },
    {
      // The URLs of Link headers and hooks may name the repository by its id.
      method: 'GET',
      path: '/repositories/:id',
      handle: call => {
        const isHere = call.numberOf('id') === userId(`${host.owner}/${host.name}`)
        if (!isHere || call.account.permission === 'none') throw notFound()
        return { status: 200, body: repositoryShape(host, call.account) }
      },
    },
    {
      method: 'GET',
      path: '/repo/collaborators/:login/permission',
      handle: call => {
        if (!canWrite(call.account))
          throw new Refusal(403, 'Must have push access to view collaborator permission.')
        const account = accountOf(host, call.parameter('login'))
        if (!account) throw notFound(`${call.parameter('login')} is not a user`)
        const role = account.role ?? account.permission
        const body: Permission = {
          permission: coarse[account.permission],
          role_name: role,
          user: {
            ...userShape(host, account.login),
            permissions: permissionsShape(account),
            role_name: role,
          },
        }
        return { status: 200, body }
      },
    },
    {
      method: 'GET',
      path: '/orgs/:organization/teams/:team/memberships/:login',
      handle: call => {
        const account = accountOf(host, call.parameter('login'))
        const team = call.parameter('team')
        if (call.parameter('organization').toLowerCase() !== host.owner.toLowerCase())
          throw notFound()
        if (account?.teams?.includes(team) !== true) throw notFound()
        const url = `${host.url}/organizations/1/team/1/memberships/${account.login}`
        return { status: 200, body: { url, role: 'member', state: 'active' } }
      },
    },
  ]
}
