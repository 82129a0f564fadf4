import { z } from 'zod'
import type { RestEndpointMethodTypes } from '@octokit/rest'
import { announceMoves } from '../git/moves-between.ts'
import { readCommit } from '../git/list-commits.ts'
import { commitShape } from '../shapes/commit-shape.ts'
import { apiUrl, webUrl, type Host } from '../host.ts'
import { notFound, parseBody, Refusal, requireWrite } from '../refusal.ts'
import type { Call, Route } from '../route.ts'

type Branch = RestEndpointMethodTypes['repos']['getBranch']['response']['data']
type Rules = RestEndpointMethodTypes['repos']['getBranchRules']['response']['data']
type Reference = RestEndpointMethodTypes['git']['getRef']['response']['data']

const NewReference = z.object({ ref: z.string(), sha: z.string() })

const referenceShape = (host: Host, ref: string, sha: string): Reference => ({
  ref,
  node_id: `REF_${Buffer.from(ref).toString('base64url')}`,
  url: apiUrl(host, `/git/${ref}`),
  object: { sha, type: 'commit', url: apiUrl(host, `/git/commits/${sha}`) },
})

const isProtectedBranch = ({ requiredStatus, repository, state }: Host, name: string): boolean =>
  (requiredStatus !== null && name === repository.defaultBranch) || state.protected.has(name)

/** The one rule that the ruleset of a protected branch holds. */
const pullRequestRule = (host: Host): Rules[number] => ({
  type: 'pull_request',
  parameters: {
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_approving_review_count: 0,
    required_review_thread_resolution: false,
  },
  ruleset_source_type: 'Repository',
  ruleset_source: `${host.owner}/${host.name}`,
  ruleset_id: 1,
})

const branchShape = async (host: Host, name: string, sha: string): Promise<Branch> => {
  const url = apiUrl(host, `/branches/${name}`)
  const isProtected = isProtectedBranch(host, name)
  const hasStatus = host.requiredStatus !== null && name === host.repository.defaultBranch
  const contexts = hasStatus ? [host.requiredStatus] : []
  return {
    name,
    commit: commitShape(host, await readCommit(host.repository, sha)),
    _links: { self: url, html: webUrl(host, `/tree/${name}`) },
    protected: isProtected,
    protection: {
      enabled: isProtected,
      required_status_checks: {
        enforcement_level: hasStatus ? 'non_admins' : 'off',
        contexts,
        checks: contexts.map(context => ({ context, app_id: null })),
      },
    },
    protection_url: `${url}/protection`,
  }
}

/** Branches and the refs behind them. */
export const branchRoutes = (host: Host): readonly Route[] => {
  const { repository } = host
  const branchOf = (call: Call): string => {
    const ref = call.parameter('ref')
    if (!ref.startsWith('heads/')) throw notFound()
    return ref.slice('heads/'.length)
  }
  return [
    {
      method: 'GET',
      path: '/repo/branches',
      handle: async () => {
        const heads = [...(await repository.heads())]
        const list = heads.map(([name, sha]) => ({
          name,
          commit: { sha, url: apiUrl(host, `/commits/${sha}`) },
          protected: isProtectedBranch(host, name),
        }))
        return { status: 200, list }
      },
    },
    {
      method: 'GET',
      path: '/repo/branches/*branch',
      handle: async call => {
        const name = call.parameter('branch')
        const sha = await repository.resolve(`refs/heads/${name}`)
        if (sha === null) throw notFound('Branch not found')
        return { status: 200, body: await branchShape(host, name, sha) }
      },
    },
    {
      // The branch need not be there.
      method: 'GET',
      path: '/repo/rules/branches/*branch',
      handle: call => {
        const isRuled = host.state.protected.has(call.parameter('branch'))
        return { status: 200, list: isRuled ? [pullRequestRule(host)] : [] }
      },
    },
    {
      method: 'GET',
      path: '/repo/git/ref/*ref',
      handle: async call => {
        const ref = `refs/${call.parameter('ref')}`
        const sha = await repository.resolve(ref)
        if (sha === null) throw notFound()
        return { status: 200, body: referenceShape(host, ref, sha) }
      },
    },
    {
      method: 'GET',
      path: '/repo/git/matching-refs/*ref',
      handle: async call => {
        const start = `refs/${call.parameter('ref')}`
        const refs = [...(await repository.heads())].map(
          ([name, sha]) => [`refs/heads/${name}`, sha] as const,
        )
        const list = refs
          .filter(([ref]) => ref.startsWith(start))
          .map(([ref, sha]) => referenceShape(host, ref, sha))
        return { status: 200, list }
      },
    },
    {
      method: 'POST',
      path: '/repo/git/refs',
      handle: async ({ account, body }) => {
        requireWrite(account)
        const { ref, sha } = parseBody(NewReference, body)
        const isValid =
          ref.startsWith('refs/heads/') &&
          (await repository.attempt(['check-ref-format', ref])) !== null
        if (!isValid) throw new Refusal(422, 'Reference name is not valid.')
        if ((await repository.resolve(ref)) !== null)
          throw new Refusal(422, 'Reference already exists')
        if ((await repository.resolve(sha)) !== sha) throw new Refusal(422, 'Object does not exist')
        await repository.moveRef({ ref, from: null, to: sha })
        const branch = ref.slice('refs/heads/'.length)
        await announceMoves(host, [{ branch, from: null, to: sha }], account)
        return { status: 201, body: referenceShape(host, ref, sha) }
      },
    },
    {
      method: 'DELETE',
      path: '/repo/git/refs/*ref',
      handle: async call => {
        requireWrite(call.account)
        const branch = branchOf(call)
        const from = await repository.resolve(`refs/heads/${branch}`)
        if (from === null) throw new Refusal(422, 'Reference does not exist')
        if (branch === repository.defaultBranch)
          throw new Refusal(422, `Cannot delete the default branch ${branch}`)
        await repository.moveRef({ ref: `refs/heads/${branch}`, from, to: null })
        await announceMoves(host, [{ branch, from, to: null }], call.account)
        return { status: 204 }
      },
    },
  ]
}
