import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'

type Answered = Readonly<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>

/** A registry wants the credential shown to a service that nobody said may see it. */
export class UntrustedTokenService extends Error {}

/**
 * Asks, and once more with what the challenge wants: Basic, or a token
 * (distribution/docs/spec/auth/token.md). The password goes to the registry or to a trusted token service.
 */
export const askWithCredential = async <A extends Answered>({
  ask,
  mayGiveTokens,
  getToken,
  credential,
  scope,
}: Readonly<{
  ask: (authorization: string | undefined) => Promise<A>
  mayGiveTokens: (realm: URL) => boolean
  getToken: (realm: URL, authorization: string) => Promise<A>
  credential: Readonly<{ username: string; password: string }>
  scope: string
}>): Promise<A> => {
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
  realm.searchParams.set('service', challenge.service)
  realm.searchParams.set('scope', scope)
  const granted = await getToken(realm, basic)
  // Only these are a no to the credential; a service in trouble says nothing of it.
  if (granted.status === 401 || granted.status === 403) return first
  if (granted.status !== 200) throw new Error(`its token service answered ${granted.status}`)
  return ask(`Bearer ${readToken(granted.body)}`)
}

const parameter = String.raw`[a-z_]+ *= *(?:"[^"]*"|[^\s",]+)`
const challenges = new RegExp(String.raw`([a-z]+) +(${parameter}(?: *, *${parameter})*)`, 'gi')

/** Reads `WWW-Authenticate` (RFC 9110 §11.6.1); several headers come joined by commas. */
const readChallenge = (
  header: string,
): 'basic' | Readonly<{ realm: string; service: string }> | null => {
  for (const [, scheme = '', parameters = ''] of header.matchAll(challenges))
    if (scheme.toLowerCase() === 'bearer')
      return { realm: field(parameters, 'realm'), service: field(parameters, 'service') }
  return /(?:^|, *)basic(?: |,|$)/i.test(header) ? 'basic' : null
}

const field = (parameters: string, name: string): string => {
  const match = new RegExp(`(?:^|[ ,])${name} *= *(?:"([^"]*)"|([^\\s",]+))`, 'i').exec(parameters)
  return match?.[1] ?? match?.[2] ?? ''
}

const tokenAnswer = z.looseObject({
  token: z.string().optional(),
  access_token: z.string().optional(),
})

const readToken = (body: Buffer): string => {
  try {
    const { token, access_token: other } = tokenAnswer.parse(JSON.parse(body.toString('utf8')))
    if (token || other) return token || other || ''
  } catch {
    // Its text may hold the token.
  }
  throw new Error('its token service gave no token')
}
