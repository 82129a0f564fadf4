import { z } from 'zod'

const seconds = z.number().positive().max(1e11)
const withExpiry = z.looseObject({ exp: seconds })
const amazon = z.looseObject({ expiration: seconds })

/** When a credential ends. It can be learnt from the value only, so nobody knows it once it is sealed. */
export type Expiry = Readonly<{
  /** ISO 8601; at the latest where the token itself does not say. */
  at: string
  /** It lives for hours: no robot account, but somebody's session. */
  isShort: boolean
}>

const hour = 3600
/** The least time: a credential that ends within a day was not made for a run that begins some time later. */
const short = 24 * hour

/**
 * Reads the expiry of a password: a JWT (OpenShift, Azure, Harbor), Amazon's token for the user `AWS`
 * (twelve hours), Google's for `oauth2accesstoken` (one hour). Null for what does not end by itself or does
 * not say. `now` is ISO 8601.
 */
export const expiryOf = (
  { username, password }: Readonly<{ username: string; password: string }>,
  now: string,
): Expiry | null => {
  const today = Date.parse(now) / 1000
  const at = (end: number, isShort: boolean): Expiry => ({
    at: new Date(Math.floor(end) * 1000).toISOString(),
    isShort: isShort || end - today < short,
  })
  const claims = /^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(password)?.[1]
  const token = claims === undefined ? undefined : withExpiry.safeParse(fromBase64(claims)).data
  if (token) return at(token.exp, false)
  if (username === 'AWS') {
    const told = amazon.safeParse(fromBase64(password)).data
    return at(told?.expiration ?? today + 12 * hour, true)
  }
  return username === 'oauth2accesstoken' ? at(today + hour, true) : null
}

const fromBase64 = (encoded: string): unknown => {
  try {
    return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'))
  } catch {
    return undefined
  }
}
