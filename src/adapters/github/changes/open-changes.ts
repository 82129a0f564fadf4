import { z } from 'zod'
import { FailedError } from '../../../errors.ts'
import type { OpenChanges } from '../../../operations/ports/pull-requests.ts'
import { rulesCall } from '../branch-use.ts'
import { mergeGroups } from './merge-groups.ts'
import { readPages, valueOf, type RepositoryApi, type RepositoryCall } from '../repository-api.ts'

const sha = z.string().regex(/^[0-9a-f]{40,64}$/)
const repository = z.looseObject({ id: z.number() })
const pull = z.looseObject({
  number: z.number(),
  head: z.looseObject({ sha, ref: z.string(), repo: repository.nullish() }),
  base: z.looseObject({ ref: z.string(), repo: repository }),
})
const file = z.looseObject({ filename: z.string(), previous_filename: z.string().optional() })
const contexts = z.looseObject({ contexts: z.array(z.string()) })
const branchShape = z.looseObject({
  commit: z.looseObject({ sha }),
  protection: z.looseObject({ required_status_checks: contexts.nullish() }).nullish(),
})
const rule = z.looseObject({
  type: z.string(),
  parameters: z
    .looseObject({
      required_status_checks: z.array(z.looseObject({ context: z.string() })).optional(),
    })
    .nullish(),
})

/** GitHub lists at most 3000 files of a pull request, a hundred a page. */
const most = 30

/**
 * Reads the open pull requests of one repository ("List pull requests", "Get a branch", "List pull requests files", "Get
 * rules for a branch", "List matching references").
 */
export const openChanges = ({ ask }: Pick<RepositoryApi, 'ask'>): OpenChanges => {
  const branchCall = (branch: string): RepositoryCall => ({
    activity: `reading the branch ${branch}`,
    route: 'GET /branches/{branch}',
    parameters: { branch },
  })
  return {
    against: async base => {
      const { commit } = valueOf(await ask(branchCall(base), branchShape))
      const activity = `listing the pull requests against ${base}`
      const parameters = { base, state: 'open', sort: 'created', direction: 'asc' }
      const call = { activity, route: 'GET /pulls', parameters }
      const found = await readPages({ ask }, call, { shape: pull, most })
      if (found === null)
        throw new FailedError('GITHUB_FAILED', `${activity}: there are too many`, {
          fix: 'close those that nobody needs',
        })
      return {
        groups: await mergeGroups({ ask }, base),
        head: commit.sha,
        changes: found.map(({ number, head, base: to }) => ({
          ...{ number, branch: head.ref, headSha: head.sha },
          isFork: head.repo?.id !== to.repo.id,
        })),
      }
    },
    files: async number => {
      const activity = `listing the files of #${number}`
      const call = { activity, route: 'GET /pulls/{number}/files', parameters: { number } }
      const found = await readPages({ ask }, call, { shape: file, most })
      return (
        found &&
        found.flatMap(({ filename, previous_filename: before }) => [
          filename,
          ...(before === undefined ? [] : [before]),
        ])
      )
    },
    requires: async (branch, context) => {
      const { protection } = valueOf(await ask(branchCall(branch), branchShape))
      if (protection?.required_status_checks?.contexts.includes(context) === true) return true
      const rules = await ask(rulesCall(branch), z.array(rule))
      // GitHub Enterprise Server knows no rules before 3.11.
      if (rules.got === 'missing') return false
      return valueOf(rules).some(
        ({ type, parameters }) =>
          type === 'required_status_checks' &&
          parameters?.required_status_checks?.some(check => check.context === context) === true,
      )
    },
  }
}
