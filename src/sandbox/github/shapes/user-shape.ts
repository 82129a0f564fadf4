import type { RestEndpointMethodTypes } from '@octokit/rest'
import { accountOf, userId, type Host } from '../host.ts'

type User = RestEndpointMethodTypes['pulls']['get']['response']['data']['user']
type Association = RestEndpointMethodTypes['pulls']['get']['response']['data']['author_association']

/** An opaque id, as GitHub's second generation of node ids. */
export const nodeId = (kind: string, id: number): string =>
  `${kind}_${Buffer.from(String(id)).toString('base64url')}`

/** A user, bot or organization as it appears inside other objects. */
export const userShape = (host: Host, login: string): User => {
  const url = `${host.url}/users/${encodeURIComponent(login)}`
  const account = accountOf(host, login)
  return {
    login,
    id: userId(login),
    node_id: nodeId('U', userId(login)),
    avatar_url: `${host.url}/avatars/u/${userId(login)}`,
    gravatar_id: '',
    url,
    html_url: `${host.url}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account?.type ?? 'Organization',
    user_view_type: 'public',
    site_admin: false,
  }
}

/** How someone belongs to the repository. */
export const associationOf = (host: Host, login: string): Association => {
  const account = accountOf(host, login)
  if (login === host.owner) return 'OWNER'
  if (!account || account.type === 'Bot' || account.permission === 'none') return 'NONE'
  return 'COLLABORATOR'
}
