import { createHash } from 'node:crypto'
import { Scalar, stringify } from 'yaml'
import { names } from '../../names.ts'
import type { Scope, SealTarget } from './scope.ts'

/** Facts known at sealing time only, noted on the SealedSecret; none of them gives away anything of the value. */
export type SealNotes = Readonly<{
  keyFingerprint: string
  /** Null for a bare public key. */
  certificateNotAfter: string | null
  sealedAt: string
  /** The key of `auths`, so that an image can be checked against it without opening anything. */
  registryKey: string
  /** Null where the credential does not say. */
  expiresAt: string | null
}>

/** The annotations that hold the notes. */
export const noteNames = {
  keyFingerprint: 'sower.dev/key-fingerprint',
  certificateNotAfter: 'sower.dev/certificate-not-after',
  sealedAt: 'sower.dev/sealed-at',
  ciphertextSha256: 'sower.dev/ciphertext-sha256',
  registryKey: 'sower.dev/registry-key',
  expiresAt: 'sower.dev/expires-at',
} as const

/** The annotations that ask for a scope. */
export const scopeAnnotations = (scope: Scope): Readonly<Record<string, string>> =>
  scope === 'strict' ? {} : { [`sealedsecrets.bitnami.com/${scope}`]: 'true' }

/** The digest of a sealed value: it binds the notes to it. It says nothing of what is sealed. */
export const digestOf = (sealed: string): string =>
  createHash('sha256').update(sealed).digest('hex')

/**
 * The SealedSecret manifest for a sealed value, byte-stable for equal input. The scope stands in the
 * annotations of the SealedSecret and of its template alike, as the controller and kubeseal read them.
 */
export const sealedSecretManifest = (
  sealed: string,
  target: SealTarget,
  notes: SealNotes,
): string => {
  const { scope, namespace, name } = target
  const scopeAnnotation = scopeAnnotations(scope)
  return stringify(
    {
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: {
        name,
        namespace,
        annotations: {
          ...scopeAnnotation,
          ...quoted({
            [noteNames.keyFingerprint]: notes.keyFingerprint,
            [noteNames.certificateNotAfter]: notes.certificateNotAfter,
            [noteNames.sealedAt]: notes.sealedAt,
            [noteNames.ciphertextSha256]: digestOf(sealed),
            [noteNames.registryKey]: notes.registryKey,
            [noteNames.expiresAt]: notes.expiresAt,
          }),
        },
      },
      spec: {
        encryptedData: { [names.authKey]: sealed },
        template: {
          metadata: {
            name,
            namespace,
            ...(scope === 'strict' ? {} : { annotations: scopeAnnotation }),
          },
          type: 'Opaque',
        },
      },
    },
    // Go reads YAML 1.1, where a name such as `no` must stand in quotes.
    { lineWidth: 0, compat: 'yaml-1.1' },
  )
}

/** An annotation is a text, and YAML takes a time, or digits with an `e` among them, for something else. */
const quoted = (
  notes: Readonly<Record<string, string | null>>,
): Readonly<Record<string, Scalar<string>>> =>
  Object.fromEntries(
    Object.entries(notes).flatMap(([name, note]) => {
      if (note === null) return []
      const scalar = new Scalar(note)
      scalar.type = Scalar.QUOTE_DOUBLE
      return [[name, scalar]]
    }),
  )
