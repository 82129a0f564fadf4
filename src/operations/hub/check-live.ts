import { checkAuthfile } from '../../core/secret/authfile/check-authfile.ts'
import { fine, mistake, warning, type Finding } from '../../core/finding.ts'
import type { ReadSealedSecret } from '../../core/secret/sealed/read-sealed-secret.ts'
import { names } from '../../core/names.ts'
import { splitSealed } from '../../core/secret/sealed/split-sealed.ts'
import type { ImageReference } from '../../core/seedgen/image-reference.ts'
import type { Seen } from '../../core/seen.ts'
import { RefusedError } from '../../errors.ts'
import type { Cluster } from '../ports/cluster.ts'
import type { KubernetesObject } from '../ports/cluster.ts'
import { sealedValueOf, unsealingOf } from './unsealing.ts'

/** A SealedSecret and the Secret of its name, as they are on the hub. */
export type LiveSecret = Readonly<{
  sealed: Seen<KubernetesObject>
  secret: Seen<KubernetesObject>
}>

export const readLive = async (
  hub: Cluster,
  { namespace, name }: Readonly<{ namespace: string; name: string }>,
): Promise<LiveSecret> => {
  const key = { namespace, name }
  const [sealed, secret] = await Promise.all([
    hub.read({ apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret', ...key }),
    hub.read({ apiVersion: 'v1', kind: 'Secret', ...key }),
  ])
  return { sealed, secret }
}

/** True if this very value is on the hub and was unsealed there. */
export const isUnsealedThere = (read: ReadSealedSecret, { sealed }: LiveSecret): boolean =>
  sealed.seen === 'present' &&
  sealedValueOf(sealed.value, names.authKey) === read.sealed &&
  unsealingOf(sealed.value).state === 'unsealed'

/** Checks a SealedSecret against the hub. `now` is ISO 8601; the credential is looked at where an image is given. */
export const checkLive = (
  read: ReadSealedSecret,
  live: LiveSecret,
  { image, now }: Readonly<{ image: ImageReference | null; now: string }>,
): readonly Finding[] => {
  const { sealed, secret } = live
  if (sealed.seen === 'unknown')
    return [
      warning(
        'SEALED_LIVE',
        `the hub does not say (${sealed.why})`,
        'check the kubeconfig, and that its user may read SealedSecrets and this Secret',
      ),
    ]
  if (sealed.seen === 'absent')
    return secret.seen === 'present'
      ? [conflict()]
      : [
          warning(
            'SEALED_LIVE',
            'it is not on the hub',
            'commit it where a hub Application syncs it',
          ),
        ]
  const differs =
    sealedValueOf(sealed.value, names.authKey) === read.sealed
      ? []
      : [
          warning(
            'SEALED_LIVE_DIFFERS',
            'the hub has another value than the file',
            'wait until Argo CD has synced it, or look at the Application',
          ),
        ]
  const { state, message } = unsealingOf(sealed.value)
  switch (state) {
    case 'pending':
      return [
        ...differs,
        warning(
          'SEALED_LIVE',
          'the controller has not looked at its last change',
          'wait; then look whether the controller runs',
        ),
      ]
    case 'failed':
      return [...differs, failure(message)]
    case 'unsealed':
      return [
        ...differs,
        fine('SEALED_LIVE', 'unsealed on the hub'),
        ...checkSecret(sealed.value, secret, { image, now }),
      ]
  }
}

const conflict = (): Finding =>
  mistake(
    'SEALED_CONFLICT',
    'a Secret of that name is on the hub which no SealedSecret manages',
    'delete it, or let the controller take it over: annotate it with sealedsecrets.bitnami.com/managed: "true"',
  )

const failure = (message: string): Finding => {
  if (message.includes('already exists and is not managed')) return conflict()
  if (message.includes('no key could decrypt'))
    return mistake(
      'SEALED_NO_KEY',
      'the controller has no key that opens it for this namespace, name and scope',
      "seal it again with the controller's current certificate",
    )
  return mistake(
    'SEALED_LIVE',
    `the controller could not unseal it: ${message.replace(/[^ -~]+/g, ' ').slice(0, 200) || 'it does not say why'}`,
    'fix what it names, then change the SealedSecret: after five tries it gives up',
  )
}

/**
 * Holds the Secret against what it was unsealed from. The controller does not watch it: who edits it by hand
 * changes what the seed gets, and the condition stays True.
 */
const checkSecret = (
  sealed: KubernetesObject,
  secret: Seen<KubernetesObject>,
  expected: Readonly<{ image: ImageReference | null; now: string }>,
): readonly Finding[] => {
  const drifted = (text: string): readonly Finding[] => [
    mistake('SEALED_DRIFTED', text, 'delete the Secret: the controller makes it again'),
  ]
  if (secret.seen === 'unknown')
    return [
      warning(
        'SEALED_LIVE',
        `the Secret cannot be read (${secret.why})`,
        'let the user read this one Secret, or leave this to the bot',
      ),
    ]
  if (secret.seen === 'absent') return drifted('the Secret is gone')
  const { data = {}, metadata } = secret.value
  const isOwned = metadata.ownerReferences?.some(
    owner =>
      typeof owner === 'object' &&
      owner !== null &&
      'uid' in owner &&
      owner.uid === sealed.metadata.uid,
  )
  if (isOwned !== true) return drifted('the Secret is not the one that was unsealed')
  if (Object.keys(data).join() !== names.authKey)
    return drifted(`the Secret holds other keys as well`)
  const bytes = Buffer.from(data[names.authKey] ?? '', 'base64')
  try {
    const parts = splitSealed(sealedValueOf(sealed, names.authKey) ?? '')
    if (parts?.plainLength !== bytes.length)
      return drifted('the Secret has another length than what was sealed')
    return expected.image ? checkContent(bytes, expected.image, expected.now) : []
  } finally {
    bytes.fill(0)
  }
}

const checkContent = (bytes: Buffer, image: ImageReference, now: string): readonly Finding[] => {
  try {
    return checkAuthfile(bytes, image, now).warnings
  } catch (error) {
    if (error instanceof RefusedError)
      return [mistake(error.code, error.message, error.fix ?? 'seal a new credential')]
    throw error
  }
}
