import { z } from 'zod'
import { knownRefusal, type KnownRefusal } from './hearing/known-refusal.ts'

/** The response to one call: a status with headers and a body, or the reason why there is none. */
export type Heard =
  | Readonly<{ status: number; headers: Readonly<Record<string, unknown>>; data: unknown }>
  | Readonly<{ silent: 'timeout' | 'unreachable' | 'stopping'; detail: string | null }>

/**
 * The meaning of an answer. Only `value`, `missing` and `refused` are GitHub's word; `nothing` says why it is none,
 * and how long nobody should ask again.
 */
export type Meaning<T> =
  | Readonly<{ is: 'value'; value: T }>
  | Readonly<{ is: 'missing'; reason: string }>
  | Readonly<{ is: 'refused' } & KnownRefusal>
  | Readonly<{
      is: 'nothing'
      why: 'forbidden' | 'unreachable' | 'timeout' | 'moved'
      reason: string
      fix: string
      wait: Wait
    }>

/**
 * How long to wait: milliseconds or 'longer' each time, with whatever is asked; 'longer-alone', with this call, since
 * others may well be answered; null: until the next look.
 */
export type Wait = number | 'longer' | 'longer-alone' | null

/** Everything that the reading of an answer depends on beside the answer. */
export type Reading<T> = Readonly<{
  shape: z.ZodType<T>
  /** The question is whether our token sees anything at all: then a 403 or 404 is about the token. */
  isAboutToken: boolean
  /** The last answer was a 401: GitHub answers further tries with 403 for a while. */
  isAfter401: boolean
  /** Epoch milliseconds. */
  now: number
}>

const longestWait = 3600 * 1000
const refusal = z.looseObject({ message: z.string() })
const tokenFix =
  'put a token into --token-file that is valid and has the rights of docs/configuration.md; it is read again for each call'
const laterFix = 'nothing; Sower tries again by itself'
const authorityFix = "name the authority of GitHub's certificate with --ca-file"
// OpenSSL's words for a chain that ends at nobody whom we trust.
const mistrust = /SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/

/**
 * Reads an answer as GitHub documents them ("Rate limits for the REST API", "Troubleshooting the REST API",
 * "Authenticating to the REST API"). What is not JSON of the expected shape was not said by GitHub.
 */
export const readAnswer = <T>(heard: Heard, reading: Reading<T>): Meaning<T> => {
  if ('silent' in heard) return readSilence(heard)
  const { status, headers } = heard
  const answered = `GitHub answered ${status}`
  const nothing = (
    why: 'forbidden' | 'unreachable',
    reason: string,
    wait: Wait = 'longer-alone',
  ): Meaning<T> => ({
    is: 'nothing',
    why,
    reason,
    fix: why === 'forbidden' ? tokenFix : laterFix,
    wait,
  })
  if (status >= 300 && status < 400)
    return {
      is: 'nothing',
      why: 'moved',
      reason: `${answered}: the repository or its API is somewhere else, and redirects are not followed`,
      fix: 'a renamed or moved repository: set --repository to its new name; another address: set --api-url',
      wait: null,
    }
  const wait = status < 300 ? undefined : waitAsked(heard, reading.now)
  if (wait !== undefined) return nothing('unreachable', `${answered}, a rate limit`, wait)
  if (status === 401)
    return nothing('forbidden', `${answered}: it does not accept the token`, 'longer')
  if (status >= 500 || status === 408) return nothing('unreachable', answered)
  if (!isJson(headers)) return nothing('unreachable', `${answered}, not with JSON`)
  if (status < 300) {
    const parsed = reading.shape.safeParse(heard.data)
    return parsed.success
      ? { is: 'value', value: parsed.data }
      : nothing('unreachable', `${answered}, not with what was asked for`)
  }
  if (!refusal.safeParse(heard.data).success) return nothing('unreachable', answered)
  if (status === 403 && (reading.isAfter401 || 'x-github-sso' in headers))
    return nothing('forbidden', `${answered}: it does not accept the token for now`, 'longer')
  if (reading.isAboutToken)
    return nothing('forbidden', `${answered}: the token does not reach the repository`, 'longer')
  if (status === 404 || status === 410) return { is: 'missing', reason: answered }
  const known = knownRefusal(status, refusal.safeParse(heard.data).data?.message)
  if (known !== null) return { is: 'refused', ...known, reason: `${answered}: ${known.reason}` }
  return {
    is: 'refused',
    reason: status === 403 ? `${answered}: the token is not allowed to do this` : answered,
    fix: status === 403 ? `give the token the right${rightsWanted(headers)}` : 'see the log',
  }
}

const readSilence = <T>({ silent, detail }: Extract<Heard, { silent: string }>): Meaning<T> => ({
  is: 'nothing',
  why: silent === 'timeout' ? 'timeout' : 'unreachable',
  reason:
    silent === 'stopping'
      ? 'the bot is stopping'
      : `GitHub gave no answer${detail === null ? '' : ` (${detail})`}`,
  fix: detail !== null && mistrust.test(detail) ? authorityFix : laterFix,
  wait: silent === 'timeout' ? 'longer' : silent === 'stopping' ? null : 'longer-alone',
})

/** How long a limit asks to wait, in milliseconds; 'longer' each time where it does not say; undefined: no limit. */
const waitAsked = (
  { status, headers, data }: Extract<Heard, { status: number }>,
  now: number,
): number | 'longer' | undefined => {
  const after = numberIn(headers, 'retry-after')
  if (after !== null) return within(after * 1000)
  if (status !== 403 && status !== 429) return undefined
  const reset = numberIn(headers, 'x-ratelimit-reset')
  if (numberIn(headers, 'x-ratelimit-remaining') === 0 && reset !== null)
    // Its clock and ours may differ.
    return within(reset * 1000 - (dateIn(headers) ?? now))
  const said = refusal.safeParse(data).data?.message ?? ''
  return status === 429 || /rate limit|abuse detection/i.test(said) ? 'longer' : undefined
}

const within = (milliseconds: number): number => Math.min(longestWait, Math.max(1000, milliseconds))

type Headers = Readonly<Record<string, unknown>>

const textIn = (headers: Headers, name: string): string => {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

const numberIn = (headers: Headers, name: string): number | null => {
  const text = textIn(headers, name)
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

const dateIn = (headers: Headers): number | null => {
  const at = Date.parse(textIn(headers, 'date'))
  return Number.isNaN(at) ? null : at
}

const isJson = (headers: Headers): boolean =>
  /^application\/([\w.]+\+)?json\b/i.test(textIn(headers, 'content-type'))

/** The header names the permissions of a fine-grained token or an app, `pull_requests=write` for example. */
const rightsWanted = (headers: Headers): string => {
  const wanted = textIn(headers, 'x-accepted-github-permissions')
  return /^[a-z_=,; ]{1,200}$/.test(wanted) ? `: ${wanted}` : ''
}
