import { z } from 'zod'
import type { PullRequest } from '../../operations/ports/forge.ts'

const sha = z.string().regex(/^[0-9a-f]{40,64}$/)
const repository = z.looseObject({ id: z.number() })

/** A pull request as the REST API shows it. */
export const pullRequestAnswer: z.ZodType<PullRequest> = z
  .looseObject({
    number: z.number(),
    state: z.enum(['open', 'closed']),
    merged: z.boolean(),
    // Not in every version of the API: since 2026-03-10 it is left out.
    merge_commit_sha: sha.nullish(),
    // Null when the fork was deleted, whatever octokit's types say.
    head: z.looseObject({ sha, ref: z.string(), repo: repository.nullish() }),
    base: z.looseObject({ sha, ref: z.string(), repo: repository }),
    labels: z.array(z.looseObject({ name: z.string() })),
    user: z.looseObject({ login: z.string() }).nullish(),
    body: z.string().nullish(),
    draft: z.boolean().optional(),
    html_url: z.string(),
  })
  .transform(read => ({
    number: read.number,
    state: read.merged ? 'merged' : read.state,
    headSha: read.head.sha,
    mergedAs: read.merged ? (read.merge_commit_sha ?? null) : null,
    branch: read.head.ref,
    base: read.base.ref,
    baseSha: read.base.sha,
    isFork: read.head.repo?.id !== read.base.repo.id,
    ...(read.head.repo ? {} : { isHeadGone: true }),
    ...(read.draft === true ? { isDraft: true } : {}),
    ...(read.user ? { by: read.user.login } : {}),
    labels: read.labels.map(({ name }) => name),
    body: read.body ?? '',
    url: read.html_url,
  }))
