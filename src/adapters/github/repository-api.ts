import { z } from 'zod'
import type { Call } from './hearing/create-hearing.ts'
import { absent, present, unknown, type Seen } from '../../core/seen.ts'
import { createGitHubClient, type Answer, type GitHubClientOptions } from './git-hub-client.ts'

export type RepositoryApiOptions = GitHubClientOptions &
  Readonly<{
    /** owner/name */
    repository: string
    /** Hears once that the repository is called something else now, and what. */
    renamed?: (to: string) => void
  }>

/** One call below `/repos/{owner}/{repo}`, such as `GET /pulls/{number}`. */
export type RepositoryCall = Omit<Call, 'parameters'> & Partial<Pick<Call, 'parameters'>>

/** The REST API of one repository. */
export type RepositoryApi = Readonly<{
  /** Whose the repository is, as its name says now. */
  owner: () => string
  /** One call of another place, `GET /user` for example. */
  client: ReturnType<typeof createGitHubClient>
  ask: <T>(call: RepositoryCall, shape: z.ZodType<T>) => Promise<Answer<T>>
  /** Asks for what every token of ours must reach: the repository, or the list of its pull requests. */
  reach: <T>(
    call: Pick<RepositoryCall, 'activity'> & Readonly<{ list?: '/pulls' }>,
    shape: z.ZodType<T>,
  ) => Promise<Answer<T>>
  /** Null where a 404 to a call counts; else the answer that says why it does not. */
  doubt: (call: Pick<RepositoryCall, 'activity'>) => Promise<NoValue | null>
  /** Reads something that may not be there. Throws UnavailableError where GitHub sends us somewhere else. */
  see: <T>(call: RepositoryCall, shape: z.ZodType<T>) => Promise<Seen<T>>
}>

type NoValue = Exclude<Answer<unknown>, { got: 'value' }>

const identified = z.looseObject({ id: z.number() })
const fullName = /^[\w.-]{1,100}\/[\w.-]{1,100}$/

/** Creates the API of one repository. GitHub also answers 404 to a token that lost its scopes, so none is believed alone. */
export const createRepositoryApi = (options: RepositoryApiOptions): RepositoryApi => {
  const [owner = '', repo = ''] = options.repository.split('/')
  const client = createGitHubClient(options)
  // Its number, once GitHub has said that the name is another one now; before that the name leads to it.
  let movedTo: number | null = null
  let ownedBy = owner
  const ask: RepositoryApi['ask'] = async (call, shape) => {
    const { route, parameters, ...rest } = call
    const at =
      movedTo === null
        ? { to: ' /repos/{owner}/{repo}', where: { owner, repo } }
        : { to: ' /repositories/{repository_id}', where: { repository_id: movedTo } }
    const answer = await client.ask(
      { ...rest, route: route.replace(' ', at.to), parameters: { ...at.where, ...parameters } },
      shape,
    )
    if (answer.got !== 'nothing' || answer.movedTo === undefined || movedTo !== null) return answer
    const found = await client.ask(
      {
        activity: 'reading the repository under its new name',
        route: 'GET /repositories/{repository_id}',
        parameters: { repository_id: answer.movedTo },
      },
      z.looseObject({ id: z.literal(answer.movedTo), full_name: z.string().regex(fullName) }),
    )
    if (found.got !== 'value') return found.got === 'nothing' ? found : answer
    movedTo = answer.movedTo
    ownedBy = found.value.full_name.split('/')[0] ?? ownedBy
    options.renamed?.(found.value.full_name)
    return ask(call, shape)
  }
  const reach: RepositoryApi['reach'] = ({ activity, list = '' }, shape) =>
    ask({ activity, route: `GET ${list}`, parameters: { per_page: 1 }, isAboutToken: true }, shape)
  const doubt = async ({ activity }: Pick<RepositoryCall, 'activity'>): Promise<NoValue | null> => {
    const itself = await reach({ activity }, identified)
    return itself.got === 'value' ? null : itself
  }
  return {
    ...{ owner: () => ownedBy, client, ask, reach, doubt },
    see: async (call, shape) => {
      const answer = await ask(call, shape)
      const other = answer.got === 'missing' ? await doubtAll(call, { doubt, reach }) : answer
      if (other === null) return absent
      if (other.got === 'value') return present(other.value)
      if (other.got !== 'nothing') return unknown('forbidden')
      // Waiting does not help: a person has to hear of it.
      if (other.why === 'moved') throw other.error
      return unknown(other.why, other.error.retryAt)
    },
  }
}

/** A pull request that is not there is believed where the list of them can be read too. */
const doubtAll = async (
  { activity, route }: RepositoryCall,
  { doubt, reach }: Pick<RepositoryApi, 'doubt' | 'reach'>,
): Promise<NoValue | null> => {
  const itself = await doubt({ activity })
  if (itself !== null || !route.startsWith('GET /pulls/')) return itself
  const list = await reach({ activity, list: '/pulls' }, z.array(identified))
  return list.got === 'value' ? null : list
}

/** GitHub's word. Throws the error of an answer that is none, or no. */
export const valueOf = <T>(answer: Answer<T>): T => {
  if (answer.got === 'value') return answer.value
  throw answer.error
}

const pageSize = 100

/**
 * Reads a list to its end, by numbers: a link to the next page could lead to another host. Null where it has more than
 * `most` pages. Throws the error of an answer that is none, or no.
 */
export const readPages = async <T>(
  { ask }: Pick<RepositoryApi, 'ask'>,
  call: RepositoryCall,
  { shape, most }: Readonly<{ shape: z.ZodType<T>; most: number }>,
): Promise<readonly T[] | null> => {
  const found: T[] = []
  for (let page = 1; page <= most; page += 1) {
    const parameters = { ...call.parameters, per_page: pageSize, page }
    const some = valueOf(await ask({ ...call, parameters }, z.array(shape)))
    found.push(...some)
    if (some.length < pageSize) return found
  }
  return null
}
