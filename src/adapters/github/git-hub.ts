import { z } from 'zod'
import { isSeedLabel } from '../../core/command/seed-label.ts'
import { cutMarkdown, longestComment } from '../../core/report/cut-markdown.ts'
import { UnavailableError } from '../../errors.ts'
import type { Forge } from '../../operations/ports/forge.ts'
import { branchRules, branchUse } from './branch-use.ts'
import type { GitHubClient } from './git-hub-client.ts'
import { isTeamMember } from './people/is-team-member.ts'
import { readPermission } from './people/read-permission.ts'
import { issueEvents } from './issue-events.ts'
import { findPullRequest, readPullRequest } from './find-pull-request.ts'
import { firstPoints, writeCheckRun } from './write-check-run.ts'
import {
  createRepositoryApi,
  valueOf,
  type RepositoryApi,
  type RepositoryApiOptions,
} from './repository-api.ts'

export type GitHubOptions = RepositoryApiOptions &
  Readonly<{
    /** The App that we are, where we are one: it has no account of its own to ask for, and writes check runs. */
    app?: Readonly<{
      login: () => Promise<string>
      /** The client that may read who is in a team. */
      asMember: Pick<GitHubClient, 'ask'>
    }>
  }>

const account = z.looseObject({ login: z.string().min(1) })
const identified = z.looseObject({ id: z.number() })
const commentShape = z.looseObject({
  id: z.number(),
  user: account.nullish(),
  body: z.string().nullish(),
})

/** GitHub through its REST API. The host comes from the configuration only, never from a payload. */
export const gitHub = (
  options: GitHubOptions,
  api: RepositoryApi = createRepositoryApi(options),
): Forge => {
  const { ask } = api
  let ownLogin: string | undefined
  const login = async (): Promise<string> => {
    if (options.app) return options.app.login()
    // A failure is not remembered, or one lost answer would silence the bot.
    ownLogin ??= valueOf(
      await api.client.ask(
        { activity: 'reading our own account', route: 'GET /user', parameters: {} },
        account,
      ),
    ).login
    return ownLogin
  }
  const comments = new Map<string, number>()

  const findComment = async (pullRequest: number, marker: string): Promise<number | undefined> => {
    const me = await login()
    for (let page = 1; page <= mostPages; page += 1) {
      const call = {
        activity: 'looking for the report',
        route: 'GET /issues/{number}/comments',
        parameters: { number: pullRequest, per_page: pageSize, page },
      }
      // By number: a link to the next page could lead to another host.
      const listed = valueOf(await ask(call, z.array(commentShape)))
      // Anyone may paste our marker; only a comment of our own account is ours.
      const mine = listed.find(({ user, body }) => user?.login === me && body?.startsWith(marker))
      if (mine) return mine.id
      if (listed.length < pageSize) return undefined
    }
    throw new UnavailableError(
      'GITHUB_FAILED',
      `looking for the report: GitHub gave more than ${mostPages} pages of one list`,
      { fix: 'see whether --api-url names GitHub itself; delete comments that nobody needs' },
    )
  }

  const read: Forge['pullRequest'] = number => readPullRequest(api, number)

  return {
    login,
    repositoryId: async () =>
      valueOf(await api.reach({ activity: 'reading the repository' }, identified)).id,
    pullRequest: read,
    pullRequestFrom: async of => {
      const number = await findPullRequest(api, of)
      return number.seen === 'present' ? read(number.value) : number
    },
    labelling: async ({ pullRequest, by, until }) => {
      const found = (await issueEvents(api, pullRequest)).findLast(
        ({ event, label, actor, created_at }) =>
          event === 'labeled' &&
          label &&
          isSeedLabel(label.name) &&
          actor?.login.toLowerCase() === by.toLowerCase() &&
          Date.parse(created_at) <= Date.parse(until) + clocksDiffer,
      )
      return found ? { id: found.id, at: found.created_at } : null
    },
    branchUse: branch => branchUse(api, branch),
    branchRules: branch => branchRules(api, branch),
    permission: user => readPermission(api, user),
    isTeamMember: ({ team, login: of }) =>
      isTeamMember(options.app?.asMember ?? api.client, {
        ...{ organization: api.owner(), team, login: of },
      }),
    upsertComment: async comment => {
      const { pullRequest, marker } = comment
      const body = `${marker}\n${cutMarkdown(comment.body, longestComment)}`
      const key = `${pullRequest} ${marker}`
      const activity = 'writing the report'
      const existing = comments.get(key) ?? (await findComment(pullRequest, marker))
      if (existing !== undefined) {
        const changed = await ask(
          {
            activity,
            route: 'PATCH /issues/comments/{id}',
            parameters: { id: existing, body },
          },
          commentShape,
        )
        if (changed.got !== 'missing') {
          comments.set(key, valueOf(changed).id)
          return 'changed'
        }
        comments.delete(key)
      }
      // There is none yet, or a person has deleted it. Without an answer it may have been made: whoever comes
      // again looks for it first.
      const made = await ask(
        {
          activity,
          route: 'POST /issues/{number}/comments',
          parameters: { number: pullRequest, body },
        },
        commentShape,
      )
      comments.set(key, valueOf(made).id)
      return 'made'
    },
    setStatus: async ({ context = 'sower', ...status }) => {
      if (options.app) return writeCheckRun(api, { ...status, context })
      const { sha: commit, state, description } = status
      const set = await ask(
        {
          activity: 'setting the commit status',
          route: 'POST /statuses/{sha}',
          parameters: {
            ...{ sha: commit, state, context },
            // GitHub counts characters, not UTF-16: half of one would be refused.
            description: firstPoints(description, 140),
          },
        },
        z.looseObject({ state: z.literal(state) }),
      )
      valueOf(set)
    },
    react: async ({ id, content }) => {
      await ask(
        {
          activity: 'reacting to a comment',
          route: 'POST /issues/comments/{id}/reactions',
          parameters: { id, content },
        },
        identified,
      )
    },
  }
}

/** GitHub's machines write down the second each for itself. */
const clocksDiffer = 2_000
const pageSize = 100
const mostPages = 100
