import { randomBytes, verify } from 'node:crypto'
import { z } from 'zod'
import type { Account, Grants } from './account.ts'
import { Refusal } from './refusal.ts'

/** The accounts behind tokens. */
export type Identities = Readonly<{
  /** The account of a token; an App that shows its own signature may do no more than ask for a token. */
  of: (token: string) => Account | undefined
  /** A token for an App's installation, good for an hour. */
  issue: (app: Account, grants: Grants) => Readonly<{ token: string; expiresAt: Date }>
}>

const hour = 3_600_000
const longestLife = 600

const jsonOf = <Schema extends z.ZodType>(part: string, schema: Schema): z.output<Schema> =>
  schema.parse(JSON.parse(Buffer.from(part, 'base64url').toString()))
const header = z.object({ alg: z.literal('RS256') })
const claims = z.object({ iss: z.coerce.string(), iat: z.number(), exp: z.number() })

/**
 * Knows the tokens of people, the signatures of Apps ("Generating a JSON Web Token (JWT) for a GitHub App") and the tokens
 * of their installations.
 */
export const createIdentities = (
  accounts: readonly Account[],
  now: () => Date = () => new Date(),
): Identities => {
  const issued = new Map<string, Readonly<{ account: Account; expiresAt: Date }>>()

  const appOf = (token: string): Account => {
    const refuse = (why: string): Refusal => new Refusal(401, why)
    const [head = '', body = '', signature = ''] = token.split('.')
    let said: z.output<typeof claims>
    try {
      jsonOf(head, header)
      said = jsonOf(body, claims)
    } catch {
      throw refuse('A JSON web token could not be decoded')
    }
    const account = accounts.find(({ app }) => app?.id === said.iss)
    if (!account?.app) throw refuse('Integration not found')
    const { publicKey } = account.app
    if (
      !verify(
        'sha256',
        Buffer.from(`${head}.${body}`),
        publicKey,
        Buffer.from(signature, 'base64url'),
      )
    )
      throw refuse('A JSON web token could not be decoded')
    const at = now().getTime() / 1000
    if (said.iat > at + 60)
      throw refuse(
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
      )
    if (said.exp <= at)
      throw refuse(
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
      )
    if (said.exp > at + longestLife)
      throw refuse("'Expiration time' claim ('exp') is too far in the future")
    return { ...account, grants: { app: 'write' } }
  }
  return {
    of: token => {
      if (token.split('.').length === 3) return appOf(token)
      const installed = issued.get(token)
      if (installed) return installed.expiresAt > now() ? installed.account : undefined
      return accounts.find(known => known.app === undefined && known.token === token)
    },
    issue: (app, grants) => {
      const token = `ghs_${randomBytes(18).toString('hex')}`
      const expiresAt = new Date(now().getTime() + hour)
      issued.set(token, { account: { ...app, grants }, expiresAt })
      return { token, expiresAt }
    },
  }
}
