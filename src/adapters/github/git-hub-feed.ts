import { z } from 'zod'
import { UnavailableError } from '../../errors.ts'
import type { Feed, Happening } from '../../operations/ports/inbox.ts'
import type { RepositoryApi, RepositoryCall } from './repository-api.ts'

const person = z.looseObject({ login: z.string().min(1), type: z.string() })
const reactions = z.looseObject({ eyes: z.number(), confused: z.number() })
const comment = z.looseObject({
  id: z.number(),
  body: z.string().nullish(),
  user: person.nullish(),
  created_at: z.string(),
  updated_at: z.string(),
  html_url: z.string(),
  reactions: reactions.optional(),
})
const event = z.looseObject({
  id: z.number(),
  event: z.string(),
  created_at: z.string(),
  actor: person.nullish(),
  label: z.looseObject({ name: z.string() }).nullish(),
  issue: z.looseObject({ number: z.number(), pull_request: z.looseObject({}).nullish() }).nullish(),
})
const pull = z.looseObject({
  ...{ number: z.number(), state: z.string(), created_at: z.string(), updated_at: z.string() },
  ...{ body: z.string().nullish(), user: person.nullish() },
  head: z.looseObject({ sha: z.string() }),
})
const review = z.looseObject({
  id: z.number(),
  user: person.nullish(),
  body: z.string().nullish(),
  state: z.string(),
  submitted_at: z.string().nullish(),
  commit_id: z.string().nullish(),
})

const pageSize = 100
const mostPages = 20
const hour = 3600 * 1000
/** The share of the 5000 calls an hour that GitHub takes from a token; the rest is for the runs. */
const share = 0.2

type Paged<T> = RepositoryCall &
  Readonly<{ isEnough?: (page: readonly T[]) => boolean; shape: z.ZodType<T> }>

/**
 * Reads what happened in one repository from its lists ("List issue comments for a repository", "List issue events for a
 * repository", "List pull requests", "List reviews"). The events API would be later: GitHub gives 30 seconds to 6 hours.
 */
export const gitHubFeed = (api: Pick<RepositoryApi, 'ask' | 'client'>, now: () => Date): Feed => {
  const budget = { until: 0, left: 0 }
  /** Asks within our share: an answer that says "as before" costs nothing. */
  const all = async <T>({ shape, isEnough, ...call }: Paged<T>): Promise<readonly T[]> => {
    const found: T[] = []
    for (let page = 1; page <= mostPages; page += 1) {
      refuseWhenSpent()
      const parameters = { ...call.parameters, per_page: pageSize, page }
      const answer = await api.ask({ ...call, parameters }, z.array(shape))
      if (answer.got !== 'value') throw answer.error
      if (answer.isUnchanged !== true) budget.left -= 1
      found.push(...answer.value)
      if (answer.value.length < pageSize || isEnough?.(answer.value) === true) return found
    }
    // What is further back is found by the look after this one, or was said to be older than what is wanted.
    return found
  }
  const refuseWhenSpent = (): void => {
    const allowance = api.client.allowance()
    const limit = allowance?.limit ?? 5000
    const at = now().getTime()
    if (at >= budget.until) Object.assign(budget, { until: at + hour, left: limit * share })
    const isScarce = allowance !== null && allowance.remaining < allowance.limit * share
    if (budget.left >= 1 && !isScarce) return
    const retryAt = new Date(isScarce ? at + hour / 12 : budget.until).toISOString()
    throw new UnavailableError(
      'GITHUB_FAILED',
      `looking for news: it has used up its share of the calls that GitHub allows per hour; next try at ${retryAt}`,
      { retryAt, fix: 'nothing; Sower tries again by itself' },
    )
  }
  const commentsSince = async (at: string): Promise<readonly Happening[]> => {
    const found = await all({
      activity: 'looking for new comments',
      route: 'GET /issues/comments',
      parameters: { since: at, sort: 'updated', direction: 'asc' },
      shape: comment,
    })
    return found.flatMap(({ id, body, user, html_url: url, ...rest }) => {
      // A comment on an issue has the same shape.
      const number = /\/pull\/(\d{1,15})#issuecomment-\d+$/.exec(url)?.[1]
      if (number === undefined || !user) return []
      const about = { pullRequest: Number(number), at: rest.created_at }
      const editedAt = rest.updated_at === rest.created_at ? null : rest.updated_at
      const { eyes = 0, confused = 0 } = rest.reactions ?? {}
      const isAnswered = eyes + confused > 0
      return { what: 'comment', id, by: user, body: body ?? '', editedAt, isAnswered, ...about }
    })
  }
  const labelsSince = async (at: string): Promise<readonly Happening[]> => {
    const found = await all({
      activity: 'looking for new labels',
      route: 'GET /issues/events',
      shape: event,
      isEnough: page => page.some(({ created_at }) => Date.parse(created_at) < Date.parse(at)),
    })
    // The newest comes first there.
    return [...found].reverse().flatMap(({ id, event: name, actor, label, issue, created_at }) =>
      name === 'labeled' && actor && label && issue?.pull_request && !isBefore(created_at, at)
        ? {
            ...{ what: 'label', id, by: actor, label: label.name },
            ...{ pullRequest: issue.number, at: created_at },
          }
        : [],
    )
  }
  const changesSince = async (at: string): Promise<readonly Happening[]> => {
    const found = await all({
      activity: 'looking for changed pull requests',
      route: 'GET /pulls',
      parameters: { state: 'all', sort: 'updated', direction: 'desc' },
      shape: pull,
      isEnough: page => page.some(({ updated_at }) => isBefore(updated_at, at)),
    })
    const happenings: Happening[] = []
    for (const each of found.filter(({ updated_at }) => !isBefore(updated_at, at))) {
      const { number, state, created_at, updated_at, user, body, head } = each
      happenings.push({ what: 'change', pullRequest: number, at: updated_at })
      if (state === 'open' && user && body && !isBefore(created_at, at)) {
        // Whatever came since may have changed its text or its head: then it is answered, and not obeyed.
        const headSha = updated_at === created_at ? head.sha : ''
        happenings.push({
          ...{ what: 'opened', pullRequest: number, at: created_at },
          ...{ by: user, body, headSha },
        })
      }
      if (state === 'open') happenings.push(...(await reviewsSince(number, at)))
    }
    return happenings
  }
  const reviewsSince = async (number: number, at: string): Promise<readonly Happening[]> => {
    const found = await all({
      activity: `looking for new reviews of #${number}`,
      route: 'GET /pulls/{number}/reviews',
      parameters: { number },
      shape: review,
    })
    return found.flatMap(({ id, user, body, submitted_at, ...rest }) =>
      user && body && submitted_at && !isBefore(submitted_at, at)
        ? {
            ...{ what: 'review', id, by: user, body, state: rest.state },
            ...{ headSha: rest.commit_id ?? null, pullRequest: number, at: submitted_at },
          }
        : [],
    )
  }
  return {
    since: async at => {
      const lists = [await commentsSince(at), await labelsSince(at), await changesSince(at)]
      return lists.flat().sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
    },
  }
}

const isBefore = (one: string, other: string): boolean => Date.parse(one) < Date.parse(other)
