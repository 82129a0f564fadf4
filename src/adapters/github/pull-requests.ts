import { z } from 'zod'
import { UnavailableError } from '../../errors.ts'
import type { PullRequests } from '../../operations/ports/pull-requests.ts'
import { mergePullRequest } from './merge-pull-request.ts'
import {
  createRepositoryApi,
  readPages,
  valueOf,
  type RepositoryApi,
  type RepositoryApiOptions,
} from './repository-api.ts'

const repository = z.looseObject({ id: z.number() })
const listed = z.looseObject({
  number: z.number(),
  html_url: z.string(),
  head: z.looseObject({ ref: z.string(), repo: repository.nullish() }),
  base: z.looseObject({ repo: repository }),
  labels: z.array(z.looseObject({ name: z.string() })),
})
type Listed = z.infer<typeof listed>

/** Opens pull requests through GitHub's REST API, with the token of whoever asks. */
export const pullRequests = (
  options: RepositoryApiOptions,
  api: Pick<RepositoryApi, 'ask' | 'client'> = createRepositoryApi(options),
): PullRequests => {
  const { ask } = api
  return {
    open: async base => {
      const activity = `listing the pull requests against ${base}`
      const parameters = { base, state: 'open' }
      const call = { activity, route: 'GET /pulls', parameters, isAboutToken: true }
      const found = await readPages({ ask }, call, { shape: listed, most: 20 })
      if (found)
        return found.filter(({ head, base: to }) => head.repo?.id === to.repo.id).map(shownOf)
      throw new UnavailableError('GITHUB_FAILED', `${activity}: there are too many`, {
        fix: 'close those that nobody needs',
      })
    },
    create: async ({ branch, ...parameters }) =>
      shownOf(
        valueOf(
          await ask(
            {
              activity: `opening a pull request from ${branch}`,
              route: 'POST /pulls',
              parameters: { ...parameters, head: branch },
            },
            listed,
          ),
        ),
      ),
    merge: of => mergePullRequest(api, options.apiUrl, of),
    label: async (number, label) => {
      const call = {
        activity: `setting the label ${label} on #${number}`,
        route: 'POST /issues/{number}/labels',
        parameters: { number, labels: [label] },
      }
      valueOf(await ask(call, z.array(z.looseObject({ name: z.string() }))))
    },
  }
}

const shownOf = ({ number, html_url: url, head, labels }: Listed) => ({
  ...{ number, url, branch: head.ref },
  labels: labels.map(({ name }) => name),
})
