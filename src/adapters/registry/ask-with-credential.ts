import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'

type Answered = Readonly<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>

/** A registry wants the credential shown to a service that nobody said may see it. */
export class UntrustedTokenService extends Error {}

/** A registry is there and answers: only not now. */
export class TooManyRequests extends Error {}

/** The request to a token service: the password in a header, or an identity token in a form. */
export type TokenRequest =
  Readonly<{ method: 'GET'; authorization: string }> | Readonly<{ method: 'POST'; form: string }>

/**
 * Asks, and once more with what the challenge wants: Basic, or a token
 * (distribution/docs/spec/auth/token.md and oauth.md). The credential goes to the registry or to a trusted
 * token service. As with podman, an identity token is for token services only, counts more than the password
 * there, and nothing else is tried after it (containers/image docker_client.go, setupRequestAuth).
 */
export const askWithCredential = async <A extends Answered>({
  ask: send,
  mayGiveTokens,
  getToken,
  credential,
  scope,
}: Readonly<{
  ask: (authorization: string | undefined) => Promise<A>
  mayGiveTokens: (realm: URL) => boolean
  getToken: (realm: URL, request: TokenRequest) => Promise<A>
  credential: Readonly<{ username: string; password: string; identityToken?: string }>
  scope: string
}>): Promise<A> => {
  const ask = async (authorization: string | undefined): Promise<A> => {
    const answer = await send(authorization)
    if (answer.status === 429) throw new TooManyRequests('it answered 429: too many requests')
    return answer
  }
  const first = await ask(undefined)
  if (first.status !== 401) return first
  const challenge = readChallenge(first.headers['www-authenticate'] ?? '')
  const pair = `${credential.username}:${credential.password}`
  const basic = `Basic ${Buffer.from(pair).toString('base64')}`
  if (challenge === 'basic') return ask(basic)
  if (challenge === null || !URL.canParse(challenge.realm))
    throw new Error('it asks for neither Basic nor a token')
  const realm = new URL(challenge.realm)
  if (!mayGiveTokens(realm))
    throw new UntrustedTokenService(`its token service ${realm.origin} is not trusted`)
  const wanted = { service: challenge.service, scope }
  const { identityToken } = credential
  const granted = await (identityToken === undefined
    ? getToken(withParameters(realm, wanted), { method: 'GET', authorization: basic })
    : getToken(realm, { method: 'POST', form: refreshForm(realm, { ...wanted, identityToken }) }))
  if (isRefusal(granted)) return first
  if (identityToken !== undefined && [404, 405, 501].includes(granted.status))
    throw new Error(`its token service takes no identity tokens: it answered ${granted.status}`)
  if (granted.status !== 200) throw new Error(`its token service answered ${granted.status}`)
  return ask(`Bearer ${readToken(granted.body)}`)
}

type Wanted = Readonly<{ service: string; scope: string }>

const withParameters = (realm: URL, { service, scope }: Wanted): URL => {
  const url = new URL(realm)
  if (service !== '') url.searchParams.set('service', service)
  url.searchParams.set('scope', scope)
  return url
}

/** In the body, never in the URL, which servers and proxies write down. */
const refreshForm = (
  realm: URL,
  { identityToken, ...wanted }: Wanted & Readonly<{ identityToken: string }>,
): string => {
  const { searchParams } = withParameters(realm, wanted)
  searchParams.set('grant_type', 'refresh_token')
  searchParams.set('refresh_token', identityToken)
  searchParams.set('client_id', 'sower')
  return searchParams.toString()
}

const refusals: readonly unknown[] = ['invalid_grant', 'invalid_client', 'unauthorized_client']

/** Only these are a no to the credential (RFC 6749 §5.2); a service in trouble says nothing of it. */
const isRefusal = ({ status, body }: Answered): boolean =>
  status === 401 || status === 403 || (status === 400 && refusals.includes(read(body)?.error))

const parameter = String.raw`[a-z_]+ *= *(?:"[^"]*"|[^\s",]+)`
const challenges = new RegExp(String.raw`([a-z]+) +(${parameter}(?: *, *${parameter})*)`, 'gi')

/**
 * Reads `WWW-Authenticate` (RFC 9110 §11.6.1); several headers come joined by commas. The first scheme that
 * is known counts, as for podman.
 */
const readChallenge = (
  header: string,
): 'basic' | Readonly<{ realm: string; service: string }> | null => {
  const basicAt = header.search(/(?<=^|, *)basic(?: |,|$)/i)
  for (const { 1: scheme = '', 2: parameters = '', index } of header.matchAll(challenges))
    if (scheme.toLowerCase() === 'bearer' && (basicAt < 0 || index < basicAt))
      return { realm: field(parameters, 'realm'), service: field(parameters, 'service') }
  return basicAt < 0 ? null : 'basic'
}

const field = (parameters: string, name: string): string => {
  const match = new RegExp(`(?:^|[ ,])${name} *= *(?:"([^"]*)"|([^\\s",]+))`, 'i').exec(parameters)
  return match?.[1] ?? match?.[2] ?? ''
}

const tokenAnswer = z.looseObject({
  token: z.string().optional(),
  access_token: z.string().optional(),
  error: z.unknown().optional(),
})

const read = (body: Buffer): z.infer<typeof tokenAnswer> | undefined => {
  try {
    return tokenAnswer.safeParse(JSON.parse(body.toString('utf8'))).data
  } catch {
    // Its text may hold the token.
    return undefined
  }
}

const readToken = (body: Buffer): string => {
  const { token, access_token: other } = read(body) ?? {}
  if (token || other) return token || other || ''
  throw new Error('its token service gave no token')
}
