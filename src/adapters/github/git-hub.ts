import { retry } from '@octokit/plugin-retry'
import { throttling } from '@octokit/plugin-throttling'
import { Octokit } from '@octokit/rest'
import { z } from 'zod'
import { absent, present, unknown, type Seen } from '../../core/seen.ts'
import { branchUse } from './branch-use.ts'
import { FailedError, UnavailableError } from '../../errors.ts'
import type { Forge } from '../../operations/ports/forge.ts'
import { pagesOf, SentElsewhere, stayAtOrigin } from './stay-at-origin.ts'

export type GitHubOptions = Readonly<{
  /** `https://api.github.com`, or `https://host/api/v3`. */
  apiUrl: string
  /** owner/name */
  repository: string
  token: string
}>

// Null when the fork was deleted, whatever octokit's types say.
const headRepository = z.looseObject({ id: z.number() }).nullish()

const Client = Octokit.plugin(throttling, retry)

/** GitHub through its REST API. The host comes from the configuration only, never from a payload. */
export const gitHub = ({ apiUrl, repository, token }: GitHubOptions): Forge => {
  const [owner = '', repo = ''] = repository.split('/')
  const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }
  const octokit = new Client({
    auth: token,
    baseUrl: apiUrl.replace(/\/$/, ''),
    log: silent,
    // Whoever asks comes again by itself, and waits for nobody: one more try is enough.
    request: { timeout: 20_000, retries: 1, redirect: 'manual' },
    throttle: {
      onRateLimit: (_after, _options, _client, retryCount) => retryCount < 1,
      onSecondaryRateLimit: (_after, _options, _client, retryCount) => retryCount < 1,
    },
  })
  stayAtOrigin(octokit, apiUrl)
  const doing = async <T>(activity: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      if (cause instanceof SentElsewhere)
        throw new UnavailableError('GITHUB_FAILED', `${activity}: GitHub ${cause.message}`, {
          fix: cause.fix,
        })
      const status = statusOf(cause)
      const message = `${activity}: GitHub ${status === null ? 'gave no answer' : `answered ${status}`}`
      if (status !== null && status >= 400 && status < 500 && status !== 429)
        throw new FailedError('GITHUB_FAILED', message)
      throw new UnavailableError('GITHUB_FAILED', message)
    }
  }
  const seeing = async <T>(activity: string, read: () => Promise<T>): Promise<Seen<T>> => {
    try {
      return present(await read())
    } catch (error) {
      // Waiting does not help: a person has to hear of it.
      if (error instanceof SentElsewhere) return await doing(activity, () => Promise.reject(error))
      const status = statusOf(error)
      if (status === 404) return absent
      return unknown(status === 401 || status === 403 ? 'forbidden' : 'unreachable')
    }
  }
  let ownLogin: Promise<string> | undefined
  const login = (): Promise<string> => {
    ownLogin ??= doing(
      'reading our own account',
      async () => (await octokit.rest.users.getAuthenticated()).data.login,
    )
    // A failure is not remembered, or one lost answer would silence the bot.
    ownLogin.catch(() => (ownLogin = undefined))
    return ownLogin
  }
  const comments = new Map<string, number>()

  const findComment = async (pullRequest: number, marker: string): Promise<number | undefined> => {
    const known = comments.get(`${pullRequest} ${marker}`)
    if (known !== undefined) return known
    const me = await login()
    const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
      owner,
      repo,
      issue_number: pullRequest,
      per_page: 100,
    })
    for await (const data of pagesOf(pages)) {
      // Anyone may paste our marker; only a comment of our own account is ours.
      const mine = data.find(({ user, body }) => user?.login === me && body?.startsWith(marker))
      if (mine) return mine.id
    }
    return undefined
  }

  return {
    login,
    repositoryId: () =>
      doing('reading the repository', async () => {
        const { data } = await octokit.rest.repos.get({ owner, repo })
        return data.id
      }),
    pullRequest: number =>
      seeing(`reading pull request ${number}`, async () => {
        const { data } = await octokit.rest.pulls.get({ owner, repo, pull_number: number })
        return {
          number,
          state: data.merged ? 'merged' : data.state,
          headSha: data.head.sha,
          mergedAs: data.merged ? data.merge_commit_sha : null,
          branch: data.head.ref,
          base: data.base.ref,
          baseSha: data.base.sha,
          isFork: headRepository.parse(data.head.repo)?.id !== data.base.repo.id,
          labels: data.labels.map(({ name }) => name),
          url: data.html_url,
        }
      }),
    branchUse: branch =>
      seeing(`reading the branch ${branch}`, () => branchUse(octokit, { owner, repo }, branch)),
    permission: user =>
      doing(`reading the permission of ${user}`, async () => {
        const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({
          owner,
          repo,
          username: user,
        })
        const found = (['admin', 'write', 'read'] as const).find(known => known === data.permission)
        return found ?? 'none'
      }),
    upsertComment: comment =>
      doing('writing the report', async () => {
        const { pullRequest, marker } = comment
        const body = `${marker}\n${comment.body}`
        const key = `${pullRequest} ${marker}`
        const existing = await findComment(pullRequest, marker)
        if (existing !== undefined) {
          const isThere = await octokit.rest.issues
            .updateComment({ owner, repo, comment_id: existing, body })
            .then(() => true)
            .catch((error: unknown) => {
              if (statusOf(error) === 404) return false
              throw error
            })
          if (isThere) {
            comments.set(key, existing)
            return
          }
        }
        // There is none yet, or a person has deleted it.
        const { data } = await octokit.rest.issues.createComment({
          owner,
          repo,
          issue_number: pullRequest,
          body,
          // Without an answer it may have been made: whoever comes again looks for it first.
          request: { retries: 0 },
        })
        comments.set(key, data.id)
      }),
    setStatus: ({ sha, state, description }) =>
      doing('setting the commit status', async () => {
        await octokit.rest.repos.createCommitStatus({
          owner,
          repo,
          sha,
          state,
          context: 'sower',
          description: description.slice(0, 140),
        })
      }),
    react: async ({ id, content }) => {
      await octokit.rest.reactions
        .createForIssueComment({ owner, repo, comment_id: id, content })
        .catch(nothing)
    },
  }
}

const nothing = (): void => undefined

const statusOf = (error: unknown): number | null =>
  error instanceof Error &&
  'status' in error &&
  typeof error.status === 'number' &&
  'response' in error
    ? error.status
    : null
