import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import type { SealTarget } from './scope.ts'

/** What is known at sealing time only, noted on the SealedSecret; none of it tells anything of the value. */
export type SealNotes = Readonly<{
  keyFingerprint: string
  sealedAt: string
  /** The key of `auths`, so that an image can be checked against it without opening anything. */
  registryKey: string
}>

/** The one key of the Secret that the Lifecycle Agent reads (seedgen_controller.go:798-823). */
export const authKey = 'seedAuth'

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
  const scopeAnnotation =
    scope === 'strict' ? {} : { [`sealedsecrets.bitnami.com/${scope}`]: 'true' }
  return stringify(
    {
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: {
        name,
        namespace,
        annotations: {
          ...scopeAnnotation,
          'sower.dev/key-fingerprint': notes.keyFingerprint,
          'sower.dev/sealed-at': notes.sealedAt,
          'sower.dev/ciphertext-sha256': createHash('sha256').update(sealed).digest('hex'),
          'sower.dev/registry-key': notes.registryKey,
        },
      },
      spec: {
        encryptedData: { [authKey]: sealed },
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
