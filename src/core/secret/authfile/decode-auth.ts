import type { RefusedError } from '../../../errors.ts'
import { nameKeys } from './explain-no-match.ts'
import { refusedAuthfile } from './refused-authfile.ts'
import { isBase64, layersOfBase64 } from '../layers-of-base64.ts'
import { inStore, type AuthEntry } from './read-authfile.ts'

/** The parts of an entry, as podman decodes it. */
export type DecodedAuth = Readonly<{
  username: string
  password: string
  identityToken: string | null
  /** NULs stood around the password; podman drops them. */
  wasPadded: boolean
}>

const placeholder = /^(?:<.*>|\[.*\]|[*.x]{3,}|redacted|hidden|masked|removed|empty)$/i

/**
 * Decodes the `auth` of an entry: standard padded base64, of which the first colon splits user and password
 * (containers/image pkg/docker/config/config.go:879-902). Throws RefusedError with a code for each way in
 * which podman would get no credential, or one that cannot be right.
 */
export const decodeAuth = (
  key: string,
  entry: AuthEntry,
  { hasStore }: Readonly<{ hasStore: boolean }>,
): DecodedAuth => {
  const at = `its entry ${nameKeys([key])}`
  const again = `log in again: podman login --authfile FILE ${nameKeys([key])}`
  const refuse = (code: RefusedError['code'], reason: string, fix = again): RefusedError =>
    refusedAuthfile(code, `${at} ${reason}`, fix)
  // Go's decoder skips line breaks.
  const auth = (entry.auth ?? '').replace(/[\r\n]/g, '')
  if (auth === '') throw hasStore ? inStore() : withoutAuth(entry, refuse)
  if (placeholder.test(auth)) throw refuse('AUTHFILE_SANITISED', 'holds a placeholder')
  if (!isBase64(auth))
    throw refuse('AUTHFILE_AUTH_ENCODING', 'has an `auth` that is not padded standard base64')
  const decoded = decodeText(auth)
  if (decoded === null) throw refuse('AUTHFILE_AUTH_ENCODING', 'has an `auth` that is not text')
  const colon = decoded.indexOf(':')
  if (colon < 0) throw withoutColon(decoded, refuse)
  const username = decoded.slice(0, colon)
  const raw = decoded.slice(colon + 1)
  const password = raw.replace(/^\0+|(?<!\0)\0+$/g, '')
  const identityToken = entry.identitytoken ?? ''
  // With an identity token podman needs neither (containers/image docker_client.go, getBearerTokenOAuth2).
  if (identityToken === '') {
    if (username === '') throw refuse('AUTHFILE_NO_USER', 'has no user before the colon')
    if (password === '') throw refuse('AUTHFILE_NO_PASSWORD', 'has no password behind the colon')
  }
  refuseImpossible({ username, password, identityToken }, refuse)
  return {
    username,
    password,
    identityToken: identityToken === '' ? null : identityToken,
    wasPadded: password.length < raw.length,
  }
}

type Refuse = (code: RefusedError['code'], reason: string, fix?: string) => RefusedError

const decodeText = (auth: string): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(auth, 'base64'),
    )
  } catch {
    return null
  }
}

const withoutAuth = (entry: AuthEntry, refuse: Refuse): RefusedError => {
  if (entry.identitytoken)
    return refuse(
      'AUTHFILE_TOKEN_ALONE',
      'has an `identitytoken` without `auth`, and podman then uses neither',
    )
  if (entry.username !== undefined || entry.password !== undefined)
    return refuse(
      'AUTHFILE_PLAIN_FIELDS',
      'has `username` and `password`, which podman does not read, and no `auth`',
    )
  return refuse(
    'AUTHFILE_EMPTY_ENTRY',
    'is empty, and podman takes no shorter one instead; the credential may be in a store of the machine that wrote it',
  )
}

const withoutColon = (decoded: string, refuse: Refuse): RefusedError =>
  layersOfBase64(decoded, text => /^[!-9;-~]+:[ -~]+\s*$/.test(text)) === null
    ? refuse(
        'AUTHFILE_NO_COLON',
        'has an `auth` without a colon, and podman silently uses no credential',
      )
    : refuse('AUTHFILE_AUTH_TWICE', 'has an `auth` that was put into base64 twice')

/** Refuses characters that no registry takes: RFC 7617 forbids control characters in user and password, RFC 6749 in tokens. */
const refuseImpossible = (
  parts: Readonly<{ username: string; password: string; identityToken: string }>,
  refuse: Refuse,
): void => {
  const all = Object.values(parts).join('')
  if (/[\r\n]/.test(all))
    throw refuse(
      'AUTHFILE_NEWLINE',
      'has a line break in its user, password or `identitytoken`, as `echo` adds one',
      "use podman login, or printf '%s' in place of echo",
    )
  if (/\p{Cc}/u.test(all))
    throw refuse(
      'AUTHFILE_CONTROL',
      'has a control character in its user, password or `identitytoken`',
    )
  if (placeholder.test(parts.password) || placeholder.test(parts.identityToken))
    throw refuse(
      'AUTHFILE_SANITISED',
      'holds a placeholder, such as the Lifecycle Agent puts in place of the pull secret',
    )
}
