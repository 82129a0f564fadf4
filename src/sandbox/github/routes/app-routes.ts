import type { RestEndpointMethodTypes } from '@octokit/rest'
import { z } from 'zod'
import type { Account, Grants } from '../account.ts'
import { userId, type Host } from '../host.ts'
import { notFound, parseBody, validationFailed } from '../refusal.ts'
import { repositoryShape } from '../shapes/repository-shape.ts'
import { nodeId, userShape } from '../shapes/user-shape.ts'
import type { Route } from '../route.ts'

type Installation = RestEndpointMethodTypes['apps']['getRepoInstallation']['response']['data']
type Issued = RestEndpointMethodTypes['apps']['createInstallationAccessToken']['response']['data']

/** The permissions that the App was granted when it was installed: those of `sower bot --app-manifest`. */
const granted: Grants = {
  ...{ checks: 'write', contents: 'write', issues: 'write' },
  ...{ metadata: 'read', pull_requests: 'write' },
}

const NewToken = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write'])).optional(),
})

/** The App of an account, and the one installation of it: on this repository. */
export const appRoutes = (host: Host): readonly Route[] => {
  const slugOf = ({ login }: Account): string => login.replace(/\[bot\]$/, '')
  const installationOf = ({ login }: Account): number => userId(`installation of ${login}`)
  return [
    {
      method: 'GET',
      path: '/app',
      handle: ({ account }) => ({
        status: 200,
        body: {
          id: Number(account.app?.id),
          slug: slugOf(account),
          node_id: nodeId('A', userId(account.login)),
          owner: userShape(host, host.owner),
          name: slugOf(account),
          description: null,
          external_url: host.url,
          html_url: `${host.url}/apps/${slugOf(account)}`,
          created_at: host.createdAt,
          updated_at: host.createdAt,
          permissions: granted,
          events: ['issue_comment', 'pull_request', 'pull_request_review'],
          installations_count: 1,
        },
      }),
    },
    {
      method: 'GET',
      path: '/repo/installation',
      handle: ({ account }) => {
        const id = installationOf(account)
        const body: Installation = {
          id,
          account: userShape(host, host.owner),
          repository_selection: 'selected',
          access_tokens_url: `${host.url}/app/installations/${id}/access_tokens`,
          repositories_url: `${host.url}/installation/repositories`,
          html_url: `${host.url}/organizations/${host.owner}/settings/installations/${id}`,
          app_id: Number(account.app?.id),
          app_slug: slugOf(account),
          target_id: userId(host.owner),
          target_type: 'Organization',
          permissions: granted,
          events: [],
          created_at: host.createdAt,
          updated_at: host.createdAt,
          single_file_name: null,
          suspended_at: null,
          suspended_by: null,
        }
        return { status: 200, body }
      },
    },
    {
      method: 'POST',
      path: '/app/installations/:id/access_tokens',
      handle: call => {
        if (call.numberOf('id') !== installationOf(call.account)) throw notFound()
        const wanted = parseBody(NewToken, call.body ?? {})
        const isOther = (names?: readonly (string | number)[], ours?: string | number): boolean =>
          names?.some(name => name !== ours) === true
        if (
          isOther(wanted.repositories, host.name) ||
          isOther(wanted.repository_ids, userId(`${host.owner}/${host.name}`))
        )
          throw validationFailed({
            resource: 'Installation',
            code: 'custom',
            message:
              'There is at least one repository that does not exist or is not accessible to the parent installation.',
          })
        const permissions = wanted.permissions ?? granted
        for (const [name, level] of Object.entries(permissions))
          if (granted[name] === undefined || (level === 'write' && granted[name] === 'read'))
            throw validationFailed({
              resource: 'Installation',
              code: 'custom',
              message: 'The permissions requested are not granted to this installation.',
            })
        const { token, expiresAt } = host.identities.issue(call.account, permissions)
        const body: Issued = {
          token,
          expires_at: expiresAt.toISOString(),
          permissions,
          repository_selection: 'selected',
          repositories: [repositoryShape(host)],
        }
        return { status: 201, body }
      },
    },
  ]
}
