import type { Configuration } from '../../core/settings/configuration.ts'
import { present, type Seen } from '../../core/seen.ts'
import { checkAuthfile, type Credential } from '../../core/secret/authfile/check-authfile.ts'
import { secretsOf } from '../../core/secret/secrets-of.ts'
import { names } from '../../core/names.ts'
import { parseImageReference } from '../../core/seedgen/image-reference.ts'
import { RefusedError } from '../../errors.ts'
import type { Ports } from '../ports/ports.ts'
import { digestOf } from '../../core/secret/sealed/sealed-secret-manifest.ts'
import { sealedValueOf, unsealingOf } from './unsealing.ts'

/** The unsealed Secret on the hub with the credential for an image, or what is wrong with it. */
export type HubSecret = Readonly<{
  reason: string | null
  credential: Credential | null
  value: string | null
}>

/** The hub, and what keeps a secret out of everything that is printed. */
export type ReadingHub = Readonly<{ ports: Pick<Ports, 'hub' | 'conceal'>; now: () => Date }>

/**
 * Reads and checks the unsealed Secret. The value is registered with the redactor at once; `value` is the
 * Secret's own base64.
 */
export const readHubSecret = async (
  { ports, now }: ReadingHub,
  {
    config,
    image,
    inGit = null,
  }: Readonly<{
    config: Configuration
    image: string
    /** The digest of the sealed value in Git, where the hub must hold that very one. */
    inGit?: string | null
  }>,
): Promise<Seen<HubSecret>> => {
  const { namespace, name } = config.secret
  const key = { namespace, name }
  const [sealed, secret] = await Promise.all([
    ports.hub.read({ apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret', ...key }),
    ports.hub.read({ apiVersion: 'v1', kind: 'Secret', ...key }),
  ])
  if (secret.seen !== 'present') return secret
  if (sealed.seen !== 'present')
    return sealed.seen === 'absent'
      ? present(unusable(`there is no SealedSecret ${namespace}/${name} on the hub`))
      : sealed
  const { state, message } = unsealingOf(sealed.value)
  if (state !== 'unsealed')
    return present(
      unusable(
        `SealedSecret ${namespace}/${name} is not unsealed: ${message || 'the controller has not seen it yet'}`,
      ),
    )
  const onHub = sealedValueOf(sealed.value, names.authKey)
  // One that came with the merge may not be there yet, and the one before it would go to the seed in its place.
  if (inGit !== null && onHub !== undefined && digestOf(onHub) !== inGit)
    return present(
      unusable(`SealedSecret ${namespace}/${name} on the hub is another one than Git holds`),
    )
  const value = secret.value.data?.[names.authKey]
  if (value === undefined)
    return present(unusable(`Secret ${namespace}/${name} has no key ${names.authKey}`))
  // Before it is looked into: what is wrong with it must not show it either.
  ports.conceal(value)
  const bytes = Buffer.from(value, 'base64')
  for (const secret of secretsOf(bytes.toString('utf8'))) ports.conceal(secret)
  try {
    const { credential } = checkAuthfile(bytes, parseImageReference(image), now().toISOString())
    return present({ reason: null, credential, value })
  } catch (error) {
    if (error instanceof RefusedError) return present(unusable(error.message))
    throw error
  } finally {
    bytes.fill(0)
  }
}

const unusable = (reason: string): HubSecret => ({ reason, credential: null, value: null })
