import { setTimeout as pause } from 'node:timers/promises'
import { Octokit } from '@octokit/rest'
import { z } from 'zod'
import { FailedError, UnavailableError } from '../../errors.ts'
import { createHolds, type Hold, type NoAnswer } from './create-holds.ts'
import { readAnswer, type Heard } from './read-answer.ts'

export type GitHubClientOptions = Readonly<{
  /** `https://api.github.com`, or `https://host/api/v3`. */
  apiUrl: string
  /** Read for each call: a token that expires is replaced while the bot runs. */
  token: () => string
  now: () => Date
  /** Ends what is under way, and every later call at once. */
  stopping: AbortSignal
  /** Starts the time limit of one call; returns what ends it. Default: 15 seconds. */
  limit?: (isOver: () => void) => () => void
  /** Between two writes, in milliseconds; GitHub asks for a second. */
  writeGap?: number
}>

/** One call of the REST API. */
export type Call = Readonly<{
  /** For messages: `reading #7`. */
  activity: string
  /** `GET /repos/{owner}/{repo}` */
  route: string
  parameters: Readonly<Record<string, string | number | readonly string[]>>
  isAboutToken?: boolean
}>

/** GitHub's word, or none: then the error says when to ask again. */
export type Answer<T> =
  | Readonly<{ got: 'value'; value: T }>
  | Readonly<{ got: 'missing'; error: FailedError }>
  | Readonly<{ got: 'refused'; error: FailedError }>
  | Readonly<{
      got: 'nothing'
      why: NoAnswer['why']
      error: UnavailableError
    }>

/**
 * Makes calls one by one, never twice, and none before the time that GitHub has set, or that fits what it last answered.
 * Never throws.
 */
export type GitHubClient = Readonly<{
  ask: <T>(call: Call, shape: z.ZodType<T>) => Promise<Answer<T>>
}>

/** Creates a client that remembers until when nobody should ask. */
export const createGitHubClient = (options: GitHubClientOptions): GitHubClient => {
  const { stopping, now, writeGap = 1000 } = options
  const octokit = new Octokit({
    baseUrl: options.apiUrl.replace(/\/$/, ''),
    userAgent: 'sower',
    log: silent,
  })
  const holds = createHolds(options)
  let isAfter401 = false
  let written: Promise<unknown> = Promise.resolve()

  const send = async <T>(call: Call, shape: z.ZodType<T>): Promise<Answer<T>> => {
    const { activity, isAboutToken = false } = call
    const held = holds.on(call)
    if (held) return noAnswer(activity, held.by, held)
    const token = options.token()
    const heard = await hear(call, token)
    const meaning = readAnswer(heard, { shape, isAboutToken, isAfter401, now: now().getTime() })
    if (meaning.is === 'nothing') {
      isAfter401 ||= 'status' in heard && heard.status === 401
      return noAnswer(activity, meaning, holds.add(call, meaning, token))
    }
    isAfter401 = false
    holds.lift(call)
    if (meaning.is === 'value') return { got: 'value', value: meaning.value }
    const details = meaning.is === 'refused' ? { fix: meaning.fix } : {}
    const error = new FailedError('GITHUB_FAILED', `${activity}: ${meaning.reason}`, details)
    return { got: meaning.is, error }
  }
  const hear = async ({ route, parameters }: Call, token: string): Promise<Heard> => {
    const controller = new AbortController()
    const limit = { isOver: false }
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
      detail: limit.isOver ? 'too late' : detail,
    })
    try {
      const answer = await octokit.request(route, {
        ...parameters,
        headers: { authorization: `Bearer ${token}` },
        // Not followed: another host must not see the token, nor answer in GitHub's place.
        request: { signal: controller.signal, redirect: 'manual' },
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
  /** One write after the other, with a pause between them. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = written.then(work)
    written = mine
      .then(async () => {
        if (!holds.onAll()) await pause(writeGap, undefined, { signal: stopping })
      })
      .catch(() => undefined)
    return mine
  }
  return {
    ask: (call, shape) =>
      call.route.startsWith('GET ') ? send(call, shape) : inTurn(() => send(call, shape)),
  }
}

const nothing = (): void => undefined
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }

const fifteenSeconds = (isOver: () => void): (() => void) => {
  const timer = setTimeout(isOver, 15_000)
  return () => {
    clearTimeout(timer)
  }
}

const noAnswer = (
  activity: string,
  { why, reason, fix }: NoAnswer,
  hold: Hold | undefined,
): Extract<Answer<never>, { got: 'nothing' }> => {
  const retryAt = hold === undefined ? undefined : new Date(hold.until).toISOString()
  const next = retryAt === undefined ? '' : `; next try at ${retryAt}`
  const message = `${activity}: ${reason}${next}`
  return {
    got: 'nothing',
    why,
    error: new UnavailableError('GITHUB_FAILED', message, { fix, retryAt }),
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
