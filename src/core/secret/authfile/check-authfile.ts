import type { ImageReference } from '../../seedgen/image-reference.ts'
import { coveringKeys } from './covering-keys.ts'
import { expiryOf } from './expiry-of.ts'
import { decodeAuth } from './decode-auth.ts'
import { explainNoMatch, nameKeys } from './explain-no-match.ts'
import { warning, type Finding } from '../../finding.ts'
import { refusedAuthfile } from './refused-authfile.ts'
import { inStore, readAuthfile, type Authfile } from './read-authfile.ts'

/** The entry of an authfile for one image. The password must not leave the caller's hands. */
export type Credential = Readonly<{
  /** The key of `auths` that covers the image, such as `quay.io/org`. */
  key: string
  username: string
  password: string
  /** A refresh token that podman trades for access; user and password may be empty then. */
  identityToken?: string
}>

/** A credential that can push as far as a file can tell, and what is unwise about it. */
export type CheckedAuthfile = Readonly<{
  credential: Credential
  /** ISO 8601; null where nothing is known. */
  expiresAt: string | null
  warnings: readonly Finding[]
}>

/**
 * Checks an authfile for an image as containers/image reads it. Throws RefusedError with a code of its own
 * for each mistake with which nobody could push; docs/authfile.md lists them. `now` is ISO 8601. No message
 * holds anything of the file but the keys of `auths`.
 */
export const checkAuthfile = (
  bytes: Uint8Array,
  image: ImageReference,
  now: string,
): CheckedAuthfile => {
  const file = readAuthfile(bytes)
  const { wasPadded, credential } = find(file, image)
  const token = credential.identityToken ?? credential.password
  const expiry = expiryOf({ username: credential.username, password: token }, now)
  if (expiry && expiry.at <= now)
    throw refusedAuthfile(
      'AUTHFILE_EXPIRED',
      `the credential of its entry ${nameKeys([credential.key])} expired on ${expiry.at}`,
      'use a robot account of the registry, which does not expire',
    )
  return {
    credential,
    expiresAt: expiry?.at ?? null,
    warnings: [
      ...expiryWarnings(expiry),
      ...surplusWarnings(file, credential),
      ...(wasPadded
        ? [
            warning(
              'AUTHFILE_NUL',
              'NUL characters stand around the password; podman drops them',
              'log in again, so that the file holds the password alone',
            ),
          ]
        : []),
      ...(credential.identityToken === undefined
        ? []
        : [
            warning(
              'AUTHFILE_IDENTITY_TOKEN',
              'the entry has an `identitytoken`: podman sends that to the token service and no password, and the registry can take it back at any time',
              'use a robot account with a password',
            ),
          ]),
    ],
  }
}

/** The credential that podman would use to push an image. Throws as `checkAuthfile` does, of the expiry apart. */
export const credentialFor = (bytes: Uint8Array, image: ImageReference): Credential =>
  find(readAuthfile(bytes), image).credential

const find = (
  file: Authfile,
  image: ImageReference,
): Readonly<{ credential: Credential; wasPadded: boolean }> => {
  const { entries, helpers, hasStore } = file
  if (helpers.has(image.registry))
    throw refusedAuthfile(
      'AUTHFILE_CRED_HELPER',
      `\`credHelpers\` sends podman to a program for ${image.registry}, which the seed does not have`,
      `log in without the helper: podman login --authfile FILE ${image.registry}`,
    )
  const keys = [...entries.keys()]
  const covering = coveringKeys(keys, image)
  if (covering.length > 1)
    throw refusedAuthfile(
      'AUTHFILE_AMBIGUOUS',
      `${nameKeys(covering)} all stand for ${image.registry}, and podman takes any of them`,
      `leave one of them, named ${image.registry}`,
    )
  const [key] = covering
  const entry = key === undefined ? undefined : entries.get(key)
  if (key === undefined || entry === undefined)
    throw keys.length === 0 && hasStore ? inStore() : explainNoMatch(keys, image)
  const { identityToken, wasPadded, ...decoded } = decodeAuth(key, entry, { hasStore })
  const token = identityToken === null ? {} : { identityToken }
  return { credential: { key, ...decoded, ...token }, wasPadded }
}

const expiryWarnings = (expiry: ReturnType<typeof expiryOf>): readonly Finding[] => {
  if (!expiry) return []
  const text = `the credential ends on ${expiry.at}`
  return [
    expiry.isShort
      ? warning(
          'AUTHFILE_SHORT_LIVED',
          `${text} at the latest: it is a session's, not a robot account's`,
          'use a robot account, or seal and run before that',
        )
      : warning('AUTHFILE_EXPIRES', text, 'seal a new one before that'),
  ]
}

const surplusWarnings = (
  { entries, helpers, hasStore }: Authfile,
  { username }: Credential,
): readonly Finding[] => {
  if (entries.has('cloud.openshift.com') || username.startsWith('openshift-release-dev+'))
    return [
      warning(
        'AUTHFILE_PULL_SECRET',
        `it looks like a cluster's pull secret (${entries.size} entries), whose credentials read and do not push; one entry is used`,
        'log in with a robot account that may push to this one repository',
      ),
    ]
  return entries.size > 1 || helpers.size > 0 || hasStore
    ? [
        warning(
          'AUTHFILE_REDUCED',
          `it holds more than the one entry that is needed (${entries.size} entries); the rest is left out`,
          'nothing: the least that will do is sealed',
        ),
      ]
    : []
}

/** The authfile reduced to the one entry of that key, as canonical JSON: least privilege. */
export const reduceAuthfile = (bytes: Uint8Array, key: string): Buffer => {
  const entry = readAuthfile(bytes).entries.get(key)
  const auth = entry?.auth?.replace(/[\r\n]/g, '')
  const identitytoken = entry?.identitytoken || undefined
  return Buffer.from(JSON.stringify({ auths: { [key]: { auth, identitytoken } } }))
}
