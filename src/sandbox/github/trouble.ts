import type { Reply } from './route.ts'

const kinds = {
  'rate-limit': () => json(403, 'API rate limit exceeded for user ID 1.', limited()),
  'secondary-limit': () => json(403, secondary, { 'retry-after': '90' }),
  'secondary-limit-without-time': () => json(403, secondary, {}),
  'too-many-requests': () => json(429, secondary, {}),
  'bad-credentials': () => json(401, 'Bad credentials', {}),
  'login-limit': () =>
    json(403, 'Maximum number of login attempts exceeded. Please try again later.', {}),
  'not-found': () => json(404, 'Not Found', {}),
  'not-accessible': () =>
    json(403, 'Resource not accessible by personal access token', {
      'x-accepted-github-permissions': 'pull_requests=read',
    }),
  page: () => page(200),
  'page-not-found': () => page(404),
  'other-json': () => ({ status: 200, headers: { 'content-type': type }, body: '{"id":"?"}' }),
  moved: () =>
    json(301, 'Moved Permanently', { location: 'http://127.0.0.1:1/repositories/1/pulls/1' }),
  'server-error': () => json(500, 'Server Error', {}),
  'bad-gateway': () => ({ status: 502, headers: { 'content-type': 'text/html' }, body: 'Bad' }),
} as const satisfies Record<string, () => Reply>

/**
 * The replies that GitHub, or a proxy before it, may give in place of the answer. `silence`: nothing, on an open
 * connection. `cut`: the request is obeyed, and the connection closed before the answer. `slow`: the second half of the
 * answer comes a second after the first. `as-before`: what the same path answered last, since a copy is not up to date yet.
 */
export type Trouble = keyof typeof kinds | 'silence' | 'cut' | 'slow' | 'as-before' | Moved

/** The repository is called something else: GitHub sends the caller to its number, on the same host. */
type Moved = Readonly<{ movedTo: number }>

/** Chooses a trouble for a request, or null for the real answer. */
export type TroubleOf = (
  request: Readonly<{ login: string | null; method: string; path: string }>,
) => Trouble | null

/**
 * The answer in a trouble, as documented in "Rate limits for the REST API", "Troubleshooting the REST API" and
 * "Authenticating to the REST API".
 */
export const replyIn = (
  trouble: Exclude<Trouble, 'silence' | 'cut' | 'slow' | 'as-before'>,
): Reply =>
  typeof trouble === 'object'
    ? json(301, 'Moved Permanently', { location: `/repositories/${trouble.movedTo}` })
    : kinds[trouble]()

const type = 'application/json; charset=utf-8'
const secondary =
  'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'

const json = (status: number, message: string, headers: Record<string, string>): Reply => ({
  status,
  headers: { 'content-type': type, ...headers },
  body: JSON.stringify({
    message,
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
  }),
})

const page = (status: number): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>GitHub is having a moment</title>',
})

/** An allowance that is used up until half an hour from now. */
const limited = (): Record<string, string> => ({
  'x-ratelimit-limit': '5000',
  'x-ratelimit-remaining': '0',
  'x-ratelimit-used': '5000',
  'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 1800),
  'x-ratelimit-resource': 'core',
})
