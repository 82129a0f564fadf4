import { setTimeout as pause } from 'node:timers/promises'
import type { z } from 'zod'
import { FailedError, SowerError, UnavailableError } from '../../errors.ts'
import { createHolds, type Hold, type NoAnswer } from './create-holds.ts'
import { createHearing, type Call, type HearingOptions } from './hearing/create-hearing.ts'
import type { KnownRefusal } from './hearing/known-refusal.ts'
import { createMemory } from './create-memory.ts'
import { readAnswer, type Heard } from './read-answer.ts'

export type GitHubClientOptions = HearingOptions &
  Readonly<{
    /**
     * Asked for each call: a token that expires is replaced while the bot runs. Throws UnavailableError where none can be
     * had now.
     */
    token: () => string | Promise<string>
    now: () => Date
    /** Between two writes, in milliseconds; GitHub asks for a second. */
    writeGap?: number
  }>

/** GitHub's word, or none: then the error says when to ask again. */
export type Answer<T> =
  | Readonly<{
      got: 'value'
      value: T
      /** GitHub says that it is what it was when it was last asked for. */
      isUnchanged?: boolean
    }>
  | Readonly<{ got: 'missing'; error: FailedError }>
  | Readonly<{ got: 'refused'; error: FailedError; about?: KnownRefusal['about'] }>
  | Readonly<{
      got: 'nothing'
      why: NoAnswer['why']
      error: UnavailableError
      /** The number of the repository that GitHub sends us to, on its own host. */
      movedTo?: number | undefined
    }>

/** How many calls GitHub takes from us within the hour. */
export type Allowance = Readonly<{ limit: number; remaining: number }>

/**
 * Makes calls one by one, never twice, and none before the time that GitHub has set, or that fits what it last answered.
 * Never throws.
 */
export type GitHubClient = Readonly<{
  ask: <T>(call: Call, shape: z.ZodType<T>) => Promise<Answer<T>>
  /** The hourly limit as the last answer gave it; null before one did. */
  allowance: () => Allowance | null
}>

/** Creates a client that remembers until when nobody should ask. */
export const createGitHubClient = (options: GitHubClientOptions): GitHubClient => {
  const { stopping, now, writeGap = 1000 } = options
  const hear = createHearing(options)
  let lastToken = ''
  const holds = createHolds({ now, token: () => lastToken })
  const memory = createMemory()
  let allowance: Allowance | null = null
  let isAfter401 = false
  let written: Promise<unknown> = Promise.resolve()

  const send = async <T>(call: Call, shape: z.ZodType<T>): Promise<Answer<T>> => {
    const { activity, isAboutToken = false } = call
    const taken = await take(activity)
    if (taken.got !== 'value') return taken
    const token = taken.value
    lastToken = token
    const held = holds.on(call)
    if (held) return noAnswer(activity, held.by, held)
    const question = `${token} ${call.route} ${JSON.stringify(call.parameters)}`
    const before = call.route.startsWith('GET ') ? memory.get(question) : undefined
    const answered = await hear(call, token, before?.tag)
    if ('status' in answered) allowance = allowanceIn(answered.headers) ?? allowance
    const isUnchanged = before !== undefined && 'status' in answered && answered.status === 304
    const heard = isUnchanged ? { ...before, status: 200 } : answered
    const meaning = readAnswer(heard, { shape, isAboutToken, isAfter401, now: now().getTime() })
    if (meaning.is === 'nothing') {
      isAfter401 ||= 'status' in heard && heard.status === 401
      const movedTo = meaning.why === 'moved' ? repositoryIn(answered, options.apiUrl) : undefined
      return { ...noAnswer(activity, meaning, holds.add(call, meaning, token)), movedTo }
    }
    isAfter401 = false
    holds.lift(call)
    if (meaning.is === 'value') {
      if (!isUnchanged && call.route.startsWith('GET ') && 'status' in heard)
        memory.keep(question, heard)
      return { got: 'value', value: meaning.value, isUnchanged }
    }
    const details = meaning.is === 'refused' ? { fix: meaning.fix } : {}
    const error = new FailedError('GITHUB_FAILED', `${activity}: ${meaning.reason}`, details)
    return meaning.is === 'missing'
      ? { got: meaning.is, error }
      : { got: meaning.is, error, about: meaning.about }
  }
  const take = async (
    activity: string,
  ): Promise<Extract<Answer<string>, { got: 'value' | 'nothing' }>> => {
    try {
      return { got: 'value', value: await options.token() }
    } catch (error) {
      if (error instanceof UnavailableError) return { got: 'nothing', why: 'forbidden', error }
      const known = error instanceof SowerError ? error : null
      const message = `${activity}: ${known?.message ?? 'there is no token'}`
      const retryAt = new Date(now().getTime() + 60_000).toISOString()
      const details = {
        ...(known?.fix === undefined ? {} : { fix: known.fix }),
        retryAt,
        cause: error,
      }
      return {
        got: 'nothing',
        why: 'forbidden',
        error: new UnavailableError('GITHUB_FAILED', message, details),
      }
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
    allowance: () => allowance,
  }
}

const allowanceIn = (headers: Readonly<Record<string, unknown>>): Allowance | null => {
  const numbers = ['limit', 'remaining'].map(name => headers[`x-ratelimit-${name}`])
  const [limit = NaN, remaining = NaN] = numbers.map(text => Number.parseInt(String(text), 10))
  return Number.isNaN(limit + remaining) ? null : { limit, remaining }
}

/** The number of a repository that a redirect leads to, where it stays at GitHub: no other host is believed. */
const repositoryIn = (answered: Heard, apiUrl: string): number | undefined => {
  const location = 'status' in answered ? answered.headers['location'] : undefined
  if (typeof location !== 'string' || !URL.canParse(location, apiUrl)) return undefined
  const [from, to] = [new URL(apiUrl), new URL(location, apiUrl)]
  const found = /^(?:\/api\/v3)?\/repositories\/(\d{1,15})(?:\/|$)/.exec(to.pathname)?.[1]
  return from.origin === to.origin && found !== undefined ? Number(found) : undefined
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
