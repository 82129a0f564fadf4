import { Octokit } from '@octokit/rest'
import { z } from 'zod'
import { fetchTrusting, type Asked } from './fetch-trusting.ts'
import type { Heard } from '../read-answer.ts'

export type HearingOptions = Readonly<{
  /** `https://api.github.com`, or `https://host/api/v3`. */
  apiUrl: string
  /** A certificate authority of `apiUrl` beside the built-in ones, PEM. */
  authority?: string | null
  /** Ends what is under way, and every later call at once. */
  stopping: AbortSignal
  /** Starts the time limit of one call; returns what ends it. Default: 15 seconds. */
  limit?: (isOver: () => void) => () => void
  /** The most bytes of an answer. Default: 64 MiB. */
  largest?: number
}>

/** One call of the REST API. */
export type Call = Readonly<{
  /** For messages: `reading #7`. */
  activity: string
  /** `GET /repos/{owner}/{repo}` */
  route: string
  parameters: Readonly<Record<string, unknown>>
  isAboutToken?: boolean
}>

/** Makes one call with a token, once; with a tag, GitHub may say that the answer is what it was (304). Never throws. */
type Hearing = (
  call: Pick<Call, 'route' | 'parameters'>,
  token: string,
  tag?: string,
) => Promise<Heard>

/** Creates what makes calls over the network, within their time limit. */
export const createHearing = (options: HearingOptions): Hearing => {
  const { stopping, authority = null } = options
  const isTrusted = authority !== null && options.apiUrl.startsWith('https:')
  const fetching = isTrusted ? fetchTrusting(authority) : fetch
  const octokit = new Octokit({
    baseUrl: options.apiUrl.replace(/\/$/, ''),
    userAgent: 'sower',
    log: silent,
  })
  return async ({ route, parameters }, token, tag) => {
    const controller = new AbortController()
    const limit = { isOver: false, isLarge: false }
    const end = (): void => {
      controller.abort()
    }
    const lift = (options.limit ?? fifteenSeconds)(() => {
      limit.isOver = true
      end()
    })
    stopping.addEventListener('abort', end)
    if (stopping.aborted) end()
    const silence = (detail: string | null): Heard => ({
      silent: stopping.aborted ? 'stopping' : limit.isOver ? 'timeout' : 'unreachable',
      detail: limit.isLarge ? 'it is too large' : limit.isOver ? 'too late' : detail,
    })
    try {
      const answer = await octokit.request(route, {
        ...parameters,
        headers: {
          authorization: `Bearer ${token}`,
          'x-github-api-version': apiVersion,
          ...(tag === undefined ? {} : { 'if-none-match': tag }),
        },
        // Not followed: another host must not see the token, nor answer in GitHub's place.
        request: {
          ...{ signal: controller.signal, redirect: 'manual' },
          fetch: async (url: string, asked: Asked) =>
            limitBody(await fetching(url, asked), options.largest ?? mostBytes, () => {
              limit.isLarge = true
              end()
            }),
        },
      })
      // A body that was cut off by the limit is none.
      return controller.signal.aborted ? silence(null) : heardIn(answer)
    } catch (error) {
      return controller.signal.aborted
        ? silence(null)
        : (refusalIn(error) ?? silence(codeOf(error)))
    } finally {
      lift()
      stopping.removeEventListener('abort', end)
    }
  }
}

/** A page of a hundred comments, each as long as GitHub takes it and of `<` alone, which it writes as `\u003c`, is 40 MB. */
const mostBytes = 64 * 1024 * 1024

/** The same answer, whose body breaks off after so many bytes, as they are when unpacked; `isOver` hears of it. */
const limitBody = (answer: Response, most: number, isOver: () => void): Response => {
  if (answer.body === null) return answer
  let size = 0
  const body = answer.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (piece, controller) => {
        size += piece.byteLength
        if (size <= most) controller.enqueue(piece)
        else {
          isOver()
          controller.error(new Error('the answer is too large'))
        }
      },
    }),
  )
  return new Response(body, { status: answer.status, headers: answer.headers })
}

/** The version of the REST API that the answers are read as; GitHub gives each for at least two years. */
const apiVersion = '2022-11-28'

const nothing = (): void => undefined
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }

const fifteenSeconds = (isOver: () => void): (() => void) => {
  const timer = setTimeout(isOver, 15_000)
  return () => {
    clearTimeout(timer)
  }
}

const response = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.unknown()),
  data: z.unknown(),
})
const heardIn = (answer: unknown): Heard => response.parse(answer)

/** The answer inside an error of octokit, which throws for 4xx and 5xx. */
const refusalIn = (error: unknown): Heard | null =>
  z.object({ response }).safeParse(error).data?.response ?? null

/** The system's code of a failed connection, such as ECONNREFUSED; its text may quote anything. */
const codeOf = (error: unknown): string | null => {
  if (!(error instanceof Error)) return null
  const code = 'code' in error ? String(error.code) : ''
  return /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? code : codeOf(error.cause)
}
