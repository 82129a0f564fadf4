import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Account } from './account.ts'
import { userId, type Host } from './host.ts'
import { paginate } from './paginate.ts'
import { createRateLimit } from './rate-limit.ts'
import { requireGrant } from './require-grant.ts'
import { notFound, Refusal } from './refusal.ts'
import { matchPath, parametersOf, type Answer, type Call, type Reply, type Route } from './route.ts'
import { sendSlowly } from '../send-slowly.ts'
import { replyIn, type TroubleOf } from './trouble.ts'
import type { Turns } from './turns.ts'

/** One request and its answer, without its credentials. */
export type RecordedRequest = Readonly<{
  /** Whose token it came with; null: none, or one that nobody has. */
  login: string | null
  method: string
  path: string
  status: number
  requestBody: string
  responseBody: string
}>

const documentation = 'https://docs.github.com/rest'
const json = 'application/json; charset=utf-8'

const parseJson = (body: string): unknown => {
  if (body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    throw new Refusal(400, 'Problems parsing JSON')
  }
}

const accountOf = (host: Host, header: string | undefined): Account | undefined => {
  const token = /^(?:token|bearer)\s+(\S+)$/i.exec(header ?? '')?.[1]
  return token === undefined ? undefined : host.identities.of(token)
}

const loginOf = (host: Host, { headers }: IncomingMessage): string | null => {
  try {
    return accountOf(host, headers.authorization)?.login ?? null
  } catch {
    // Why it is nobody's, the answer says.
    return null
  }
}

const authenticate = (host: Host, { headers }: IncomingMessage): Account => {
  if (headers.authorization === undefined) throw new Refusal(401, 'Requires authentication')
  const account = accountOf(host, headers.authorization)
  if (!account) throw new Refusal(401, 'Bad credentials')
  return account
}

const replyOf = (answer: Answer, url: URL): Reply => {
  if ('raw' in answer)
    return { status: 200, headers: { 'content-type': answer.contentType }, body: answer.raw }
  if ('body' in answer)
    return {
      status: answer.status,
      headers: { 'content-type': json },
      body: JSON.stringify(answer.body),
    }
  if (!('list' in answer)) return { status: 204, headers: {}, body: '' }
  const { page, link } = paginate(answer.list, url)
  return {
    status: 200,
    headers: { 'content-type': json, ...(link === null ? {} : { link }) },
    body: JSON.stringify(page),
  }
}

const replyOfError = (error: unknown): Reply => {
  const refusal =
    error instanceof Refusal ? error : new Refusal(500, `Server Error: ${String(error)}`)
  const body = {
    message: refusal.message,
    ...(refusal.errors ? { errors: refusal.errors } : {}),
    documentation_url: documentation,
    status: String(refusal.status),
  }
  return { status: refusal.status, headers: { 'content-type': json }, body: JSON.stringify(body) }
}

const withEntityTag = (reply: Reply, condition: string | undefined): Reply => {
  const tag = `W/"${createHash('sha256').update(reply.body).digest('hex')}"`
  const headers = {
    ...reply.headers,
    etag: tag,
    'cache-control': 'private, max-age=60, s-maxage=60',
    vary: 'Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With',
  }
  // Weak comparison: clients send back the tag with or without its W/.
  const isKnown = condition?.split(/\s*,\s*/).some(one => one.replace(/^W\//, '') === tag.slice(2))
  return isKnown ? { status: 304, headers, body: '' } : { ...reply, headers }
}

/** Answers REST requests over the routes: authentication, limits, pages, entity tags and the record. */
export const createRestApi = (
  host: Host,
  options: Readonly<{
    routes: readonly Route[]
    turns: Turns
    record: (request: RecordedRequest) => void
    troubleOf: TroubleOf
  }>,
): ((request: IncomingMessage, response: ServerResponse) => Promise<void>) => {
  const rateLimit = createRateLimit()
  /** The last answer of each path. */
  const before = new Map<string, Reply>()
  const repositoryPath = `/repos/${host.owner}/${host.name}`.toLowerCase()

  const find = (method: string, path: string): [Route, ReadonlyMap<string, string>] => {
    for (const route of options.routes) {
      const parameters = route.method === method ? matchPath(route.path, path) : null
      if (parameters) return [route, parameters]
    }
    throw notFound()
  }
  const answer = async (
    method: string,
    path: string,
    call: Omit<Call, 'parameter' | 'numberOf'>,
  ): Promise<Answer> => {
    // Redirects, Link headers and hooks may name the repository by its number.
    const byNumber = `/repositories/${userId(`${host.owner}/${host.name}`)}`
    if (path.startsWith(`${byNumber}/`))
      return answer(method, `${repositoryPath}${path.slice(byNumber.length)}`, call)
    const isInRepository = `${path.toLowerCase()}/`.startsWith(`${repositoryPath}/`)
    // The repository is private: who may not read it cannot tell that it exists.
    if (isInRepository && call.account.permission === 'none') throw notFound()
    const short = isInRepository ? `/repo${path.slice(repositoryPath.length)}` : path
    const [route, parameters] = find(method, short)
    requireGrant(call.account, method, short)
    const handle = async (): Promise<Answer> =>
      route.handle({ ...call, ...parametersOf(parameters) })
    if (method === 'GET') return handle()
    if (host.state.isArchived.now)
      throw new Refusal(403, 'Repository was archived so is read-only.')
    return options.turns(handle)
  }

  return async (request, response) => {
    const method = request.method ?? 'GET'
    const url = new URL(request.url ?? '/', host.url)
    let requestBody = ''
    const login = loginOf(host, request)
    let reply: Reply
    const path = url.pathname + url.search
    const trouble = options.troubleOf({ login, method, path })
    try {
      requestBody = await text(request)
      if (trouble === 'silence') {
        options.record({ login, method, path, status: 0, requestBody, responseBody: '' })
        return
      }
      const account = authenticate(host, request)
      if (rateLimit.isExceeded(account.login))
        throw new Refusal(403, `API rate limit exceeded for user ${account.login}.`)
      const call = {
        account,
        query: url.searchParams,
        body: parseJson(requestBody),
        accept: request.headers.accept ?? '',
      }
      const short = url.pathname.replace(/^\/api\/v3(?=\/)/, '')
      const stale = trouble === 'as-before' ? before.get(path) : undefined
      reply =
        trouble === null || trouble === 'cut' || trouble === 'slow' || trouble === 'as-before'
          ? (stale ?? replyOf(await answer(method, short, call), url))
          : replyIn(trouble)
      if (method === 'GET') before.set(path, reply)
      if (method === 'GET') reply = withEntityTag(reply, request.headers['if-none-match'])
    } catch (error) {
      reply = replyOfError(error)
    }
    if (login !== null && reply.status !== 304) rateLimit.count(login)
    if (trouble === 'cut') {
      const responseBody = reply.body.toString()
      options.record({ login, method, path, status: 0, requestBody, responseBody })
      response.destroy()
      return
    }
    response.writeHead(reply.status, {
      ...(login === null ? {} : rateLimit.headers(login)),
      ...reply.headers,
      ...(reply.status === 204 ? {} : { 'content-length': Buffer.byteLength(reply.body) }),
      'x-github-media-type': 'github.v3; format=json',
      'x-github-api-version-selected': '2022-11-28',
      'x-github-request-id': randomBytes(16).toString('hex').toUpperCase(),
    })
    options.record({
      login,
      method,
      path,
      status: reply.status,
      requestBody,
      responseBody: reply.body.toString(),
    })
    if (trouble === 'slow') await sendSlowly(response, Buffer.from(reply.body))
    else response.end(reply.body)
  }
}
